import type { PodObservation } from '../pods/pod-observation.ts';
import type { NamedOutcome, NamedProof } from './proofs.ts';

type EarlyProofOptions = {
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
 * The early checks. A result about one server holds while the server is the same and loads nothing else, so its checks
 * need not wait for the other servers. Only successful checks count; any other check is made again when it is required.
 */
export class EarlyProofs {
  readonly #options: EarlyProofOptions;
  readonly #begun = new Map<string, Begun>();

  constructor(options: EarlyProofOptions) {
    this.#options = options;
  }

  /**
   * Receives every look. Starts the checks of each server as soon as it runs the wanted state, and again when it was
   * replaced or loaded its configuration since; and the check of the mesh as soon as the mesh is complete.
   */
  saw(seen: readonly PodObservation[], isWhole: boolean): void {
    const { pods, ofServer, ofMesh } = this.#options;
    const servers = seen.flatMap(({ name, observation, outdated }) =>
      observation === undefined || outdated !== undefined ? [] : [{ name, ...observation.varz }],
    );
    for (const pod of pods) {
      const server = servers.find(({ name }) => name === pod);
      if (server === undefined) this.#begun.delete(pod);
      else this.#keep(pod, [server], () => ofServer(pod));
    }
    if (isWhole && servers.length === pods.length) this.#keep(MESH, servers, () => [ofMesh]);
    else this.#begun.delete(MESH);
  }

  /** Returns the same check. Its first call is answered by the result of the early check, if that succeeded. */
  withEarlyResult({ what, prove }: NamedProof): NamedProof {
    return {
      what,
      prove: async () => {
        const outcomes = [...this.#begun.values()].map((one) => one.outcomes).find((some) => some.has(what));
        const early = await outcomes?.get(what);
        outcomes?.delete(what);
        return early?.kind === 'proved' ? early : await prove();
      },
    };
  }

  /** Keeps the checks under way while the servers are the same; otherwise begins them again. */
  #keep(of: string, servers: readonly Server[], proofs: () => readonly NamedProof[]): void {
    const { now } = this.#options;
    const serverIds = servers.map(({ serverId }) => serverId).join(' ');
    const known = this.#begun.get(of);
    const isSame = known?.serverIds === serverIds && servers.every(({ loadedMs }) => loadedMs >= now() - known.at);
    if (isSame) return;
    const at = now(); // Before any request: a configuration loaded from now on counts as loaded since.
    const outcomes = new Map(proofs().map(({ what, prove }) => [what, prove().catch(() => undefined)]));
    this.#begun.set(of, { serverIds, at, outcomes });
  }
}

type Server = { readonly serverId: string; readonly loadedMs: number };

/** The key of the mesh, which is not the name of a pod. */
const MESH = '';
