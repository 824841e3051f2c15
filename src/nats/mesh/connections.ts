import type { MeshExpectation, ServerObservation } from './observation.ts';
import { acceptsOtherPoolSizes, isSupported, parseServerVersion } from './version.ts';

/** `DEFAULT_ROUTE_POOL_SIZE` of nats-server `server/const.go`. */
const DEFAULT_POOL_SIZE = 3;

/** The connections two servers hold with each other once their mesh is complete, or why they never will. */
export type PairConnections =
  | { readonly kind: 'agreed'; readonly pooled: number; readonly accounts: readonly string[] }
  | { readonly kind: 'refused'; readonly poolSizes: readonly [number, number] };

/**
 * nats-server `server/route.go`, `addRoute`: without pooling on one side there is one connection and none
 * for accounts; two pools of different sizes become the larger one from 2.11.2, and refuse each other before.
 */
export function pairConnections(
  expectation: MeshExpectation,
  from: ServerObservation,
  to: ServerObservation,
): PairConnections {
  const poolSizes = [poolSizeOf(expectation, from), poolSizeOf(expectation, to)] as const;
  const [own, other] = poolSizes;
  if (own < 1 || other < 1) {
    return { kind: 'agreed', pooled: 1, accounts: [] };
  }
  const mayDiffer = [from, to].every(({ varz }) => {
    const version = parseServerVersion(varz.version);
    return version !== undefined && acceptsOtherPoolSizes(version);
  });
  if (own !== other && !mayDiffer) {
    return { kind: 'refused', poolSizes };
  }
  const { systemAccount } = from.varz;
  const accounts = new Set([...expectation.pinnedAccounts, ...(systemAccount === undefined ? [] : [systemAccount])]);
  return { kind: 'agreed', pooled: Math.max(own, other), accounts: [...accounts] };
}

/**
 * A server of this revision has the pool of this revision, whatever VARZ says: over HTTP it is never refreshed.
 * Any other is believed; one that does not say has the default, or no pool before 2.10.
 */
function poolSizeOf(expectation: MeshExpectation, { varz }: ServerObservation): number {
  const { poolSize, revisionTag } = expectation;
  if (poolSize !== undefined && revisionTag !== undefined && varz.tags.includes(revisionTag)) {
    return poolSize;
  }
  const version = parseServerVersion(varz.version);
  const otherwise = version !== undefined && isSupported(version) ? DEFAULT_POOL_SIZE : 0;
  return varz.cluster?.poolSize ?? otherwise;
}
