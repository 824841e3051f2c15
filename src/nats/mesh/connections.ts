import type { MeshExpectation, ServerObservation } from './observation.ts';
import { acceptsOtherPoolSizes, isSupported, parseServerVersion } from './version.ts';

/** The `DEFAULT_ROUTE_POOL_SIZE` of nats-server `server/const.go`. */
const DEFAULT_POOL_SIZE = 3;

/** The connections between two servers of a complete mesh, or the reason why they never connect. */
export type PairConnections =
  | { readonly kind: 'agreed'; readonly pooled: number; readonly accounts: readonly string[] }
  | { readonly kind: 'refused'; readonly poolSizes: readonly [number, number] };

/** The settings of one server that decide about the connections to each of its peers. */
export type Pooling = {
  readonly poolSize: number;
  readonly acceptsOtherPoolSizes: boolean;
  /** The accounts that have a route of their own. */
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
 * Computes the connections between two servers (nats-server `server/route.go`, `addRoute`). If one side has no pooling,
 * there is one connection and none for accounts. Two pools of different sizes become the larger one from 2.11.2, and
 * refuse each other before.
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
 * Returns the pool size of a server. A server of this revision has the pool size of this revision, whatever VARZ
 * reports, because VARZ over HTTP is never refreshed. Any other server has the pool size that it reports. A server that
 * reports none has the default, or no pool before 2.10.
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
