import type { MeshProblem } from '../../nats/mesh/observation.ts';
import { type ReloadTerms, refreshVolume } from '../rollout/reloads.ts';
import { missingPairs } from './missing-pairs.ts';
import type { ObservationTerms, ServerState } from './pod-observation.ts';

/** A server whose peer was not there yet dials it again after 1.0 to 1.1 s (nats-server `reConnectToRoute`). */
const BROKEN_MS = 1500;
/** A kubelet took 1.0 s at most to refresh a volume after an annotation. */
const REFRESH_MS = 1200;

export type Rereading = {
  /**
   * To be told the problems of every round. Whether servers are reading their volumes anew: what their logs say of
   * routes until then may be over after it.
   */
  readonly next: (problems: readonly MeshProblem[]) => Promise<boolean>;
};

/**
 * Once in a wait, has the servers that miss routes read their volumes anew. A server that runs this revision may still
 * hold a certificate or password that somebody changed in a Secret and that was put right since: its tag does not tell.
 * A reload of what is loaded already changes nothing and disconnects nobody.
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
            state = { kind: 'done' }; // Reading it would make things worse; why the mesh is broken is told.
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
          // A refusal shows in what the mesh is like afterwards.
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
  /** Milliseconds. */
  readonly now: () => number;
};

type State =
  | { readonly kind: 'watching'; readonly brokenSince: number | undefined }
  | { readonly kind: 'refreshing'; readonly pods: readonly string[]; readonly readyAt: number }
  | { readonly kind: 'done' };

/** Both ends of every pair without routes; none while a server is not there yet. */
function routelessPods(problems: readonly MeshProblem[]): readonly string[] {
  const pairs = missingPairs(problems);
  return pairs.length < problems.length ? [] : [...new Set(pairs.flatMap(({ from, to }) => [from, to]))];
}
