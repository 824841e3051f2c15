import type { MeshProblem } from '../../nats/mesh/observation.ts';
import { healthProblems, replicaKey, type ToldHealth } from '../../nats/mesh/stream-replicas.ts';
import { askHealth } from '../../servers/health-observer.ts';
import { type JetStreamTerms, systemTarget } from './jetstream-servers.ts';

/**
 * Returns the problems that a complete mesh does not show: servers that are not healthy, and streams that are not
 * current.
 */
export type HealthCheck = (pods: readonly string[]) => Promise<readonly MeshProblem[]>;

/**
 * Creates a check for the time between two replacements, because a result from before one of them says nothing about
 * the time after it. Every call opens and closes its own connections, because a server that leaves waits for its
 * clients.
 */
export function createHealthCheck(terms: JetStreamTerms): HealthCheck {
  const seenCurrent = new Set<string>();
  return async (pods) => {
    const told = await Promise.all(pods.map(async (pod) => await healthOf(terms, pod)));
    for (const one of told) {
      const replicas = 'unanswered' in one ? [] : (one.led?.replicas ?? []);
      for (const replica of replicas.filter(({ isCurrent }) => isCurrent)) seenCurrent.add(replicaKey(replica));
    }
    return healthProblems(told, seenCurrent);
  };
}

/** Reads the health of the server in a pod; with JetStream also that of the streams it leads. */
export async function healthOf(terms: JetStreamTerms, pod: string): Promise<ToldHealth> {
  const jetstream = terms.spec.jetstream !== undefined;
  return await askHealth(systemTarget(terms, pod), { server: pod, jetstream });
}
