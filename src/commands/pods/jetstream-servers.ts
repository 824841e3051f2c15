import { podHost } from '../../cluster/addresses.ts';
import { parsePodOrdinal } from '../../cluster/names.ts';
import { type ActionError, problemError } from '../../errors/action-error.ts';
import { formatStreams, type StoredStream } from '../../nats/mesh/jetstream.ts';
import type { MeshProblem } from '../../nats/mesh/observation.ts';
import { findHealthProblems, type HealthAnswer, replicaKey } from '../../nats/mesh/stream-replicas.ts';
import type { SignIn } from '../../servers/connection.ts';
import type { ServerTarget } from '../../servers/dial.ts';
import { createJetStreamObserver, fetchHealth, type JetStreamObserver } from '../../servers/observers.ts';
import { createPodDial, type SystemAccess } from './server-access.ts';

/** The time in milliseconds in which a server can list thousands of streams. */
const TIMEOUT_MS = 10_000;

/** Returns an observer of the server in each of these pods, by the name of the pod. */
export function observeJetStreamServers(
  access: SystemAccess,
  pods: readonly string[],
): ReadonlyMap<string, JetStreamObserver> {
  return new Map(pods.map((pod) => [pod, createJetStreamObserver(buildSystemTarget(access, pod))]));
}

/** Returns the target for connections to the server in a pod as a user of its system account. */
function buildSystemTarget(
  { api, spec, system, trust, clientCertificate, signal }: SystemAccess,
  pod: string,
): ServerTarget & SignIn {
  return {
    dial: createPodDial(api, spec.namespace, pod),
    serverName: podHost(spec, parsePodOrdinal(spec.name, pod) ?? 0),
    timeoutMs: TIMEOUT_MS,
    trust,
    signal,
    ...(clientCertificate === undefined ? {} : { clientCertificate }),
    ...system,
  };
}

export async function closeAll(servers: ReadonlyMap<string, JetStreamObserver>): Promise<void> {
  await Promise.all([...servers.values()].map(async ({ close }) => await close()));
}

/** Returns the error about streams with more replicas than the smaller cluster would have servers. */
export function tooManyReplicasError(
  streams: readonly StoredStream[],
  { replicas, name }: { readonly replicas: number; readonly name: string },
): ActionError<'CHANGE_FORBIDDEN'> {
  const most = Math.max(...streams.map((stream) => stream.replicas));
  const message = `replicas would be ${replicas}, but streams have more replicas (up to ${most}) than ${name} would have servers: ${formatStreams(streams, 20)}`;
  return problemError('CHANGE_FORBIDDEN', {
    object: 'replicas',
    reason: 'StreamReplicas',
    message,
    hint: `Give each of these streams ${replicas} replicas or fewer first (\`nats stream edit STREAM --replicas ${replicas}\`, as a user of its account), or keep \`replicas\` at ${most} or more.`,
  });
}

/**
 * The check between two replacements of servers. A replacement makes earlier results invalid, so each replacement has
 * its own check.
 */
export class HealthCheck {
  readonly #access: SystemAccess;
  readonly #seenCurrent = new Set<string>();

  constructor(access: SystemAccess) {
    this.#access = access;
  }

  /**
   * Returns the problems that a complete mesh does not show: servers that are not healthy, and streams that are not
   * current. Every call opens and closes its own connections, because a server that leaves waits for its clients.
   */
  async findProblems(pods: readonly string[]): Promise<readonly MeshProblem[]> {
    const answers = await Promise.all(pods.map(async (pod) => await readHealth(this.#access, pod)));
    for (const answer of answers) {
      const replicas = 'unanswered' in answer ? [] : (answer.led?.replicas ?? []);
      for (const replica of replicas.filter(({ isCurrent }) => isCurrent)) this.#seenCurrent.add(replicaKey(replica));
    }
    return findHealthProblems(answers, this.#seenCurrent);
  }
}

/** Reads the health of the server in a pod; with JetStream also that of the streams it leads. */
export async function readHealth(access: SystemAccess, pod: string): Promise<HealthAnswer> {
  const jetstream = access.spec.jetstream !== undefined;
  return await fetchHealth(buildSystemTarget(access, pod), { server: pod, jetstream });
}
