import type { PodObservation } from '../pods/pod-observation.ts';
import type { NamedOutcome, NamedProof } from './proofs.ts';

type EarlyProofOptions = {
  readonly pods: readonly string[];
  readonly ofServer: (pod: string) => readonly NamedProof[];
  readonly ofMesh: NamedProof;
  /** Returns the milliseconds of a clock that only goes forward. */
  readonly now: () => number;
};

type StartedChecks = {
  readonly serverIds: string;
  readonly at: number;
  /** The results by check. A result is removed when a caller takes it. */
  readonly outcomes: Map<string, Promise<NamedOutcome | undefined>>;
};

/**
 * The checks that start before every server is ready. The result for one server is valid until that server is replaced
 * or loads another configuration, so its checks need not wait for the other servers. Only successful results are used;
 * every other check runs again when it is required.
 */
export class EarlyProofs {
  readonly #options: EarlyProofOptions;
  readonly #started = new Map<string, StartedChecks>();

  constructor(options: EarlyProofOptions) {
    this.#options = options;
  }

  /**
   * Takes the observations of one round. Starts the checks of each server as soon as it runs the wanted state, and
   * again after it was replaced or loaded its configuration. Starts the check of the mesh as soon as the mesh is
   * complete.
   */
  saw(seen: readonly PodObservation[], isWhole: boolean): void {
    const { pods, ofServer, ofMesh } = this.#options;
    const servers = seen.flatMap(({ name, observation, outdated }) =>
      observation === undefined || outdated !== undefined ? [] : [{ name, ...observation.varz }],
    );
    for (const pod of pods) {
      const server = servers.find(({ name }) => name === pod);
      if (server === undefined) this.#started.delete(pod);
      else this.#keep(pod, [server], () => ofServer(pod));
    }
    if (isWhole && servers.length === pods.length) this.#keep(MESH, servers, () => [ofMesh]);
    else this.#started.delete(MESH);
  }

  /** Returns the same check, but its first call returns the result of the early check, if that succeeded. */
  withEarlyResult({ claim, verify }: NamedProof): NamedProof {
    return {
      claim,
      verify: async () => {
        const outcomes = [...this.#started.values()].map((one) => one.outcomes).find((some) => some.has(claim));
        const early = await outcomes?.get(claim);
        outcomes?.delete(claim);
        return early?.kind === 'verified' ? early : await verify();
      },
    };
  }

  /** Keeps the started checks while the servers are the same; otherwise starts them again. */
  #keep(of: string, servers: readonly Server[], proofs: () => readonly NamedProof[]): void {
    const { now } = this.#options;
    const serverIds = servers.map(({ serverId }) => serverId).join(' ');
    const known = this.#started.get(of);
    const isSame = known?.serverIds === serverIds && servers.every(({ loadedMs }) => loadedMs >= now() - known.at);
    if (isSame) return;
    const at = now(); // Taken before any request, so that a configuration loaded during the checks counts as newer.
    const outcomes = new Map(proofs().map(({ claim, verify }) => [claim, verify().catch(() => undefined)]));
    this.#started.set(of, { serverIds, at, outcomes });
  }
}

type Server = { readonly serverId: string; readonly loadedMs: number };

/** The key of the mesh, which is not the name of a pod. */
const MESH = '';
