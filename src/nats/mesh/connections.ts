import type { MeshExpectation, ServerObservation } from './observation.ts';
import { acceptsOtherPoolSizes, isSupported, parseServerVersion } from './version.ts';

/** `DEFAULT_ROUTE_POOL_SIZE` of nats-server `server/const.go`. */
const DEFAULT_POOL_SIZE = 3;

/** The connections two servers hold with each other once their mesh is complete, or why they never will. */
export type PairConnections =
  | { readonly kind: 'agreed'; readonly pooled: number; readonly accounts: readonly string[] }
  | { readonly kind: 'refused'; readonly poolSizes: readonly [number, number] };

/** What one server brings to what it agrees on with each of its peers. */
export type Pooling = {
  readonly poolSize: number;
  readonly acceptsOtherPoolSizes: boolean;
  /** Those with a route of their own. */
  readonly accounts: readonly string[];
};

export function poolingOf(expectation: MeshExpectation, observation: ServerObservation): Pooling {
  const { systemAccount, version: text } = observation.varz;
  const version = parseServerVersion(text);
  return {
    poolSize: poolSizeOf(expectation, observation),
    acceptsOtherPoolSizes: version !== undefined && acceptsOtherPoolSizes(version),
    accounts: [...new Set([...expectation.pinnedAccounts, ...(systemAccount === undefined ? [] : [systemAccount])])],
  };
}

/**
 * nats-server `server/route.go`, `addRoute`: without pooling on one side there is one connection and none
 * for accounts; two pools of different sizes become the larger one from 2.11.2, and refuse each other before.
 */
export function pairConnections(from: Pooling, to: Pooling): PairConnections {
  const [own, other] = [from.poolSize, to.poolSize];
  if (own < 1 || other < 1) {
    return { kind: 'agreed', pooled: 1, accounts: [] };
  }
  if (own !== other && !(from.acceptsOtherPoolSizes && to.acceptsOtherPoolSizes)) {
    return { kind: 'refused', poolSizes: [own, other] };
  }
  return { kind: 'agreed', pooled: Math.max(own, other), accounts: from.accounts };
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
