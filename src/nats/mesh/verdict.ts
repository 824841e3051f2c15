import type { MeshExpectation, MeshProblem, MeshSample, ServerObservation } from './observation.ts';
import type { MeshPair } from './pair.ts';
import { checkSample } from './sample.ts';

/**
 * The number of samples that must show the same routes. One sample is not reliable, because a peer may accept a
 * connection and then end it, again and again.
 */
export const STABLE_SAMPLES = 3;

/**
 * The age from which a connection is stable, in milliseconds. Servers that refuse each other end a connection if a
 * handshake or an authentication has not succeeded after 2 s (`TLS_TIMEOUT`, `AUTH_TIMEOUT` in nats-server
 * `server/const.go`) and dial again a second later. If the connection and the configuration are both older than this,
 * the servers have accepted each other.
 */
const SETTLED_MS = 5000;

export type MeshVerdict =
  /**
   * The last `STABLE_SAMPLES` samples are without problem and show the same connections; or the last sample is without
   * problem, and its servers report that its state has lasted longer than those samples take.
   */
  | { readonly kind: 'complete' }
  /** The last `stableSamples` samples are without problem; there may simply not have been enough samples yet. */
  | { readonly kind: 'settling'; readonly stableSamples: number }
  /** The last sample has problems. Without any sample, every server is `NotObserved`. */
  | { readonly kind: 'incomplete'; readonly problems: readonly MeshProblem[] };

/** Returns the verdict on the history of samples, oldest first; only the last `STABLE_SAMPLES` count. */
export function checkMesh(expectation: MeshExpectation, samples: readonly MeshSample[]): MeshVerdict {
  const newestFirst = samples.slice(-STABLE_SAMPLES).toReversed();
  const [newest = [], ...older] = newestFirst;
  const { problems } = checkSample(expectation, newest);
  if (problems.length > 0) {
    return { kind: 'incomplete', problems };
  }
  if (newest.every(isSettled)) {
    return { kind: 'complete' };
  }
  const shown = collectConnections(newest);
  const unlike = older.findIndex(
    (sample) => !hasExactly(shown, sample) || checkSample(expectation, sample).problems.length > 0,
  );
  const stableSamples = 1 + (unlike === -1 ? older.length : unlike);
  return stableSamples >= STABLE_SAMPLES ? { kind: 'complete' } : { kind: 'settling', stableSamples };
}

function isSettled({ varz, routez }: ServerObservation): boolean {
  return varz.loadedMs >= SETTLED_MS && routez.routes.every(({ ageMs }) => ageMs >= SETTLED_MS);
}

/**
 * Returns every expected pair of the sample with its counts, in the order of the expected servers; used for reports.
 */
export function collectPairs(expectation: MeshExpectation, sample: MeshSample): readonly MeshPair[] {
  return checkSample(expectation, sample).pairs;
}

/** The connections by the id of each server: the id of the peer by the id of the connection. */
type Connections = ReadonlyMap<string, ReadonlyMap<number, string>>;

/** Returns the existing connections, independent of the order of any list. */
function collectConnections(sample: MeshSample): Connections {
  return new Map(
    sample.map(({ varz, routez }) => [
      varz.serverId,
      new Map(routez.routes.map(({ routeId, remoteId }) => [routeId, remoteId])),
    ]),
  );
}

/**
 * Checks whether the sample shows exactly the same servers and connections; a server never lists a connection twice.
 */
function hasExactly(connections: Connections, sample: MeshSample): boolean {
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
