import type { PodObservation } from '../pods/pod-observation.ts';
import type { NamedOutcome, NamedProof } from './proofs.ts';

export type EarlyProofs = {
  /**
   * Receives every look. Starts the checks of each server as soon as it runs the wanted state, and again when it was
   * replaced or loaded its configuration since; and the check of the mesh as soon as the mesh is complete.
   */
  readonly saw: (seen: readonly PodObservation[], isWhole: boolean) => void;
  /** Returns the same check. Its first call is answered by the result of the early check, if that succeeded. */
  readonly withEarlyResult: (proof: NamedProof) => NamedProof;
};

type EarlyTerms = {
  readonly pods: readonly string[];
  readonly ofServer: (pod: string) => readonly NamedProof[];
  readonly ofMesh: NamedProof;
  /** Returns the milliseconds of a clock that only goes forward. */
  readonly now: () => number;
};

type Begun = {
  readonly serverIds: string;
  readonly at: number;
  /** The results by check. The first caller takes each one. */
  readonly outcomes: Map<string, Promise<NamedOutcome | undefined>>;
};

/**
 * Creates the early checks. A result about one server holds while the server is the same and loads nothing else, so its
 * checks need not wait for the other servers. Only successful checks count; any other check is made again when it is
 * required.
 */
export function createEarlyProofs({ pods, ofServer, ofMesh, now }: EarlyTerms): EarlyProofs {
  const begun = new Map<string, Begun>();
  const keep = (of: string, servers: readonly Server[], proofs: () => readonly NamedProof[]): void => {
    const serverIds = servers.map(({ serverId }) => serverId).join(' ');
    const known = begun.get(of);
    const isSame = known?.serverIds === serverIds && servers.every(({ loadedMs }) => loadedMs >= now() - known.at);
    if (!isSame) {
      const at = now(); // Before any request: a configuration loaded from now on counts as loaded since.
      const outcomes = new Map(proofs().map(({ what, prove }) => [what, prove().catch(() => undefined)]));
      begun.set(of, { serverIds, at, outcomes });
    }
  };
  return {
    saw: (seen, isWhole) => {
      const servers = seen.flatMap(({ name, observation, outdated }) =>
        observation === undefined || outdated !== undefined ? [] : [{ name, ...observation.varz }],
      );
      for (const pod of pods) {
        const server = servers.find(({ name }) => name === pod);
        if (server === undefined) begun.delete(pod);
        else keep(pod, [server], () => ofServer(pod));
      }
      if (isWhole && servers.length === pods.length) keep(MESH, servers, () => [ofMesh]);
      else begun.delete(MESH);
    },
    withEarlyResult: ({ what, prove }) => ({
      what,
      prove: async () => {
        const outcomes = [...begun.values()].map((one) => one.outcomes).find((some) => some.has(what));
        const early = await outcomes?.get(what);
        outcomes?.delete(what);
        return early?.kind === 'proved' ? early : await prove();
      },
    }),
  };
}

type Server = { readonly serverId: string; readonly loadedMs: number };

/** The key of the mesh, which is not the name of a pod. */
const MESH = '';
