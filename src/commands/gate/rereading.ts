import { podNames } from '../../cluster/names.ts';
import { type MeshProblem, missingPairs } from '../../nats/mesh/observation.ts';
import { connectServer } from '../../servers/connection.ts';
import { reloadServer } from '../../servers/system.ts';
import { pause } from '../../time/pause.ts';
import type { ObservationTerms, ServerState } from '../pods/pod-observation.ts';
import { buildServerTarget } from '../pods/server-access.ts';
import { type ReloadTerms, refreshVolume } from '../reload/reloads.ts';

/** Twice the longest time that a kubelet took to refresh a volume after an annotation. */
const PAUSE_BEFORE_RELOAD_MS = 2000;

/**
 * Makes every server, or those in `pods`, read its volume once more. The tag of a server says that it has the
 * configuration of this revision, not that it had the trust bundles when it read it: the kubelet learns of each Secret
 * separately. A refusal shows in the next check.
 */
export async function reloadAgain(terms: ObservationTerms, pods = podNames(terms.spec)): Promise<void> {
  const { trust, clientCertificate, system, signal } = terms;
  await Promise.all(pods.map(async (pod) => await refreshVolume(terms, pod)));
  await pause(PAUSE_BEFORE_RELOAD_MS, signal);
  for (const pod of pods) {
    const target = buildServerTarget(terms, pod, trust, clientCertificate);
    const opened = await connectServer({ ...target, ...system });
    if (opened.ok) {
      await reloadServer(opened.value, target.timeoutMs);
      await opened.value.close();
    }
  }
}

/** A server whose peer was missing dials it again after 1.0 to 1.1 s (nats-server `reConnectToRoute`). */
const BROKEN_MS = 1500;
/** A kubelet took at most 1.0 s to refresh a volume after an annotation. */
const REFRESH_MS = 1200;

export type Rereading = {
  /**
   * Returns whether servers are reading their volumes again; the caller passes the problems of every round. The reports
   * on routes in the servers' logs until then may be outdated afterwards.
   */
  readonly next: (problems: readonly MeshProblem[]) => Promise<boolean>;
};

/**
 * Creates a step that makes the servers that miss routes read their volumes again, once in a wait. A server that runs
 * this revision may still hold a certificate or password that was changed in a Secret and corrected since, because its
 * tag does not show that. A reload of data that is already loaded changes nothing and disconnects no client.
 */
export function createRereading(terms: ObservationTerms, { servers, isVolumeCurrent, now }: Reread): Rereading {
  let state: State = { kind: 'watching', brokenSince: undefined };
  return {
    next: async (problems) => {
      const pods = routelessPods(problems);
      switch (state.kind) {
        case 'watching': {
          const brokenSince = pods.length === 0 ? undefined : (state.brokenSince ?? now());
          state = { kind: 'watching', brokenSince };
          if (brokenSince === undefined || now() - brokenSince < BROKEN_MS) {
            return false;
          }
          if (!(await isVolumeCurrent())) {
            state = { kind: 'done' }; // Another read would make things worse; the gate reports the cause.
            return false;
          }
          await Promise.all(pods.map(async (pod) => await refreshVolume(terms, pod)));
          state = { kind: 'refreshing', pods, readyAt: now() + REFRESH_MS };
          return true;
        }
        case 'refreshing': {
          if (now() < state.readyAt) {
            return true;
          }
          // A refusal shows in the state of the mesh afterwards.
          await Promise.all(state.pods.map(async (pod) => await servers.get(pod)?.observer.reload()));
          state = { kind: 'done' };
          return true;
        }
        case 'done':
          return false;
      }
    },
  };
}

type Reread = {
  readonly servers: ReadonlyMap<string, ServerState>;
  readonly isVolumeCurrent: ReloadTerms['isVolumeCurrent'];
  /** Returns the time in milliseconds. */
  readonly now: () => number;
};

type State =
  | { readonly kind: 'watching'; readonly brokenSince: number | undefined }
  | { readonly kind: 'refreshing'; readonly pods: readonly string[]; readonly readyAt: number }
  | { readonly kind: 'done' };

/**
 * Returns both ends of every pair without routes; an empty list while there is another problem, such as a missing
 * server.
 */
function routelessPods(problems: readonly MeshProblem[]): readonly string[] {
  const pairs = missingPairs(problems);
  return pairs.length < problems.length ? [] : [...new Set(pairs.flatMap(({ from, to }) => [from, to]))];
}
