import type { MeshExpectation, MeshProblem, MeshSample } from './observation.ts';
import type { MeshPair } from './pair.ts';
import { judgeSample } from './sample.ts';

/** One sample lies while a peer accepts and then refuses connections in turn, so the same routes must be seen thrice. */
export const STABLE_SAMPLES = 3;

export type MeshVerdict =
  /** The last `STABLE_SAMPLES` samples are without problem and show the same connections. */
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
  const signature = connectionsOf(newest);
  const unlike = older.findIndex(
    (sample) => connectionsOf(sample) !== signature || judgeSample(expectation, sample).problems.length > 0,
  );
  const stableSamples = 1 + (unlike === -1 ? older.length : unlike);
  return stableSamples >= STABLE_SAMPLES ? { kind: 'complete' } : { kind: 'settling', stableSamples };
}

/** Every expected pair of the sample with what it counts, by the order of the expected servers; for reports. */
export function meshMatrix(expectation: MeshExpectation, sample: MeshSample): readonly MeshPair[] {
  return judgeSample(expectation, sample).pairs;
}

/** Which connections exist, independent of the order anything is listed in. */
function connectionsOf(sample: MeshSample): string {
  const rows = sample.map(({ varz, routez }) => [
    varz.serverId,
    routez.routes.map((route) => `${route.routeId} ${route.remoteId}`).toSorted(),
  ]);
  return JSON.stringify(rows.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
}
