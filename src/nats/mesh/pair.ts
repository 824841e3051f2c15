import type { Route } from './monitoring.ts';
import type { MeshExpectation, MeshProblem, MeshProblemReason, ServerObservation } from './observation.ts';
import { acceptsOtherPoolSizes, DEFAULT_POOL_SIZE, isSupported, parseServerVersion } from './version.ts';

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

export function readPooling(expectation: MeshExpectation, observation: ServerObservation): Pooling {
  const { systemAccount, version: text } = observation.varz;
  const version = parseServerVersion(text);
  return {
    poolSize: findPoolSize(expectation, observation),
    acceptsOtherPoolSizes: version !== undefined && acceptsOtherPoolSizes(version),
    accounts: [...new Set([...expectation.pinnedAccounts, ...(systemAccount === undefined ? [] : [systemAccount])])],
  };
}

/**
 * Computes the connections between two servers (nats-server `server/route.go`, `addRoute`). If one side has no pool,
 * there is one connection, and no account has a connection of its own. Since 2.11.2, servers with different pool sizes
 * use the larger size; older servers refuse each other.
 */
function computeConnections(from: Pooling, to: Pooling): PairConnections {
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
 * reports no size has the default size, or before 2.10 no pool.
 */
function findPoolSize(expectation: MeshExpectation, { varz }: ServerObservation): number {
  const { poolSize, revisionTag } = expectation;
  if (poolSize !== undefined && revisionTag !== undefined && varz.tags.includes(revisionTag)) {
    return poolSize;
  }
  const version = parseServerVersion(varz.version);
  const otherwise = version !== undefined && isSupported(version) ? DEFAULT_POOL_SIZE : 0;
  return varz.cluster?.poolSize ?? otherwise;
}

/** The routes that one server reports to one peer, and the number that is expected. */
export type MeshPair = {
  readonly from: string;
  readonly to: string;
  /**
   * The connections with the running process of the peer. `expected` is undefined if the two servers cannot connect;
   * `problem` then has the reason.
   */
  readonly connections: number;
  readonly expected: number | undefined;
  readonly problem: MeshProblem | undefined;
};

/** One end of a pair: its server, its pool settings, and its routes to the other end. */
export type PairEnd = {
  readonly name: string;
  /** The id of the running process of the server. */
  readonly serverId: string;
  readonly pooling: Pooling;
  readonly routes: readonly Route[];
};

/**
 * Compares the routes that the server `from` reports to the peer with the expected ones. The number of pairs is the
 * square of the number of servers, so a pair without a fault allocates no texts.
 * @param from the reporting server.
 */
export function checkPair(from: PairEnd, to: PairEnd): MeshPair {
  const wanted = computeConnections(from.pooling, to.pooling);
  const expected = wanted.kind === 'agreed' ? wanted.pooled + wanted.accounts.length : undefined;
  let connections = 0;
  for (const { remoteId } of from.routes) {
    if (remoteId === to.serverId) connections += 1;
  }
  const isComplete = connections === from.routes.length && connections === expected && isAsAgreed(wanted, from.routes);
  const fault = isComplete ? undefined : findFault(wanted, from, to, connections);
  const problem = fault && { from: from.name, to: to.name, ...fault };
  return { from: from.name, to: to.name, connections, expected, problem };
}

/** Checks whether the pool and each account have their connections. The caller has checked the total number. */
function isAsAgreed(wanted: PairConnections, routes: readonly Route[]): boolean {
  return (
    wanted.kind === 'agreed' &&
    wanted.accounts.every((account) => routes.some((route) => route.account === account)) &&
    routes.reduce((pooled, { account }) => (account === undefined ? pooled + 1 : pooled), 0) === wanted.pooled
  );
}

type Fault = { readonly reason: MeshProblemReason; readonly message: string };

function findFault(wanted: PairConnections, from: PairEnd, to: PairEnd, connections: number): Fault | undefined {
  const label = `${from.name} → ${to.name}`;
  if (wanted.kind === 'refused') {
    const sizes = wanted.poolSizes.join(' and ');
    const message = `${label}: \`cluster.pool_size\` is ${sizes}, expected the same value: before 2.11.2, servers with different values refuse each other`;
    return { reason: 'PoolSizeMismatch', message };
  }
  const ghosts = from.routes.length - connections;
  if (ghosts > 0) {
    const message = `${label}: ${ghosts} connections lead to a server id that is not ${to.name}'s, probably from before its restart`;
    return { reason: 'GhostRoute', message };
  }
  const expected = wanted.pooled + wanted.accounts.length;
  if (connections === 0) {
    const counted = to.routes.length;
    return counted === 0
      ? { reason: 'NoRoute', message: `${label}: no route, expected ${expected} connections` }
      : {
          reason: 'OneSidedRoute',
          message: `${label}: no route, while ${to.name} reports ${counted} connections back`,
        };
  }
  return findConnectionFault(label, wanted, from.routes);
}

function findConnectionFault(
  label: string,
  wanted: PairConnections & { readonly kind: 'agreed' },
  routes: readonly Route[],
): Fault | undefined {
  const perAccount = new Map<string | undefined, number>([[undefined, wanted.pooled]]);
  for (const account of wanted.accounts) {
    perAccount.set(account, 1);
  }
  for (const { account } of routes) {
    perAccount.set(account, (perAccount.get(account) ?? 0) - 1);
  }
  const differences = [...perAccount].filter(([, lacking]) => lacking !== 0);
  if (differences.length === 0) {
    return undefined;
  }
  const parts = differences.map(([account, lacking]) => {
    const place = account === undefined ? `the pool of ${wanted.pooled}` : `account ${JSON.stringify(account)}`;
    return `${place} ${lacking > 0 ? 'lacks' : 'has too many:'} ${Math.abs(lacking)}`;
  });
  const lacks = differences.some(([, lacking]) => lacking > 0);
  return { reason: lacks ? 'ConnectionsMissing' : 'ConnectionsSurplus', message: `${label}: ${parts.join(', ')}` };
}
