import type { ServerPair } from '../../diagnosis/facts.ts';
import type { MeshProblem } from '../../nats/mesh/observation.ts';

/**
 * Returns the pairs that lack routes. An unexpected peer lacks no route, whichever other connections the servers
 * refuse.
 */
export function missingPairs(problems: readonly MeshProblem[]): readonly ServerPair[] {
  return problems.flatMap(({ from, to, reason }) =>
    to === undefined || reason === 'UnexpectedPeer' ? [] : [{ from, to }],
  );
}
