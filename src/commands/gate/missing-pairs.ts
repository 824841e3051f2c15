import type { ServerPair } from '../../diagnosis/facts.ts';
import type { MeshProblem } from '../../nats/mesh/observation.ts';

/** The pairs that lack routes. A peer that should not be there lacks none, whatever else the servers refuse. */
export function missingPairs(problems: readonly MeshProblem[]): readonly ServerPair[] {
  return problems.flatMap(({ from, to, reason }) =>
    to === undefined || reason === 'UnexpectedPeer' ? [] : [{ from, to }],
  );
}
