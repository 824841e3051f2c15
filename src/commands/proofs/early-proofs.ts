import type { PodSeen } from '../gate/pod-observation.ts';
import type { NamedOutcome, NamedProof } from './proofs.ts';

export type EarlyProofs = {
  /**
   * To be told of every look. Begins to prove each server as soon as it runs what it is to run, and anew one that was
   * replaced or loaded its configuration since; and the mesh as soon as it is whole.
   */
  readonly saw: (seen: readonly PodSeen[], isWhole: boolean) => void;
  /** The same proof, whose first asking is answered by what was proved already. */
  readonly hastened: (proof: NamedProof) => NamedProof;
};

type EarlyTerms = {
  readonly pods: readonly string[];
  readonly ofServer: (pod: string) => readonly NamedProof[];
  readonly ofMesh: NamedProof;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
};

type Begun = {
  readonly serverIds: string;
  readonly at: number;
  /** By what is proved; taken by who asks first. */
  readonly outcomes: Map<string, Promise<NamedOutcome | undefined>>;
};

/**
 * What holds of one server does so for as long as it is the same and loads nothing else, so it need not wait for the
 * others. Only what was proved counts: everything else is asked once more when it is to be.
 */
export function createEarlyProofs({ pods, ofServer, ofMesh, now }: EarlyTerms): EarlyProofs {
  const begun = new Map<string, Begun>();
  const keep = (of: string, servers: readonly Server[], proofs: () => readonly NamedProof[]): void => {
    const serverIds = servers.map(({ serverId }) => serverId).join(' ');
    const known = begun.get(of);
    const isSame = known?.serverIds === serverIds && servers.every(({ loadedMs }) => loadedMs >= now() - known.at);
    if (!isSame) {
      const at = now(); // Before anything is asked: what is loaded from now on counts as loaded since.
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
    hastened: ({ what, prove }) => ({
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

/** No pod is called so. */
const MESH = '';
