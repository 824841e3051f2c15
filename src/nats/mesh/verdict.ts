import type { MeshExpectation, MeshProblem, MeshSample, ServerObservation } from './observation.ts';
import type { MeshPair } from './pair.ts';
import { judgeSample } from './sample.ts';

/** One sample lies while a peer accepts and then refuses connections in turn, so the same routes must be seen thrice. */
export const STABLE_SAMPLES = 3;

/**
 * Servers that refuse each other end a connection when a handshake or sign-in has not succeeded after 2 s (`TLS_TIMEOUT`,
 * `AUTH_TIMEOUT` in nats-server `server/const.go`) and dial again a second later. A connection that is older than this,
 * of a configuration that is older, is none of those.
 */
const SETTLED_MS = 5000;

export type MeshVerdict =
  /**
   * The last `STABLE_SAMPLES` samples are without problem and show the same connections; or the last one is, and its
   * servers say that all of it has been so for longer than these take.
   */
  | { readonly kind: 'complete' }
  /** The last `stableSamples` are; there may simply not have been enough yet. */
  | { readonly kind: 'settling'; readonly stableSamples: number }
  /** The last one is not. Without any sample every server is `NotObserved`. */
  | { readonly kind: 'incomplete'; readonly problems: readonly MeshProblem[] };

/** Judges the history of samples, oldest first; only the last `STABLE_SAMPLES` count. */
export function meshVerdict(expectation: MeshExpectation, samples: readonly MeshSample[]): MeshVerdict {
  const newestFirst = samples.slice(-STABLE_SAMPLES).toReversed();
  const [newest = [], ...older] = newestFirst;
  const { problems } = judgeSample(expectation, newest);
  if (problems.length > 0) {
    return { kind: 'incomplete', problems };
  }
  if (newest.every(isSettled)) {
    return { kind: 'complete' };
  }
  const shown = connectionsOf(newest);
  const unlike = older.findIndex(
    (sample) => !showsJust(shown, sample) || judgeSample(expectation, sample).problems.length > 0,
  );
  const stableSamples = 1 + (unlike === -1 ? older.length : unlike);
  return stableSamples >= STABLE_SAMPLES ? { kind: 'complete' } : { kind: 'settling', stableSamples };
}

function isSettled({ varz, routez }: ServerObservation): boolean {
  return varz.loadedMs >= SETTLED_MS && routez.routes.every(({ ageMs }) => ageMs >= SETTLED_MS);
}

/** Every expected pair of the sample with what it counts, by the order of the expected servers; for reports. */
export function meshMatrix(expectation: MeshExpectation, sample: MeshSample): readonly MeshPair[] {
  return judgeSample(expectation, sample).pairs;
}

/** By the id of each server: whom each of its connections leads to, by the connection's own id. */
type Connections = ReadonlyMap<string, ReadonlyMap<number, string>>;

/** Which connections exist, independent of the order anything is listed in. */
function connectionsOf(sample: MeshSample): Connections {
  return new Map(
    sample.map(({ varz, routez }) => [
      varz.serverId,
      new Map(routez.routes.map(({ routeId, remoteId }) => [routeId, remoteId])),
    ]),
  );
}

/** Whether the sample shows the very same servers and connections: a server never lists one of them twice. */
function showsJust(connections: Connections, sample: MeshSample): boolean {
  return (
    sample.length === connections.size &&
    sample.every(({ varz, routez }) => {
      const known = connections.get(varz.serverId);
      return (
        known?.size === routez.routes.length &&
        routez.routes.every(({ routeId, remoteId }) => known.get(routeId) === remoteId)
      );
    })
  );
}
