import { type PairConnections, pairConnections } from './connections.ts';
import type { MeshExpectation, MeshProblem, MeshProblemReason, ServerObservation } from './observation.ts';
import type { Route } from './routez.ts';

/** The routes one server reports to one peer, beside those that are to be there. */
export type MeshPair = {
  readonly from: string;
  readonly to: string;
  /** Connections with the peer's living process; `expected` is undefined when nothing can be: see `problem`. */
  readonly connections: number;
  readonly expected: number | undefined;
  readonly problem: MeshProblem | undefined;
};

type Observed = { readonly name: string; readonly observation: ServerObservation; readonly routes: readonly Route[] };

/**
 * @param from the reporting server with its routes to `to`, by name
 * @param to the peer with its routes to `from`
 */
export function judgePair(expectation: MeshExpectation, from: Observed, to: Observed): MeshPair {
  const wanted = pairConnections(expectation, from.observation, to.observation);
  const toLiving = from.routes.filter((route) => route.remoteId === to.observation.varz.serverId);
  const expected = wanted.kind === 'agreed' ? wanted.pooled + wanted.accounts.length : undefined;
  const fault = pairFault(wanted, from, to, toLiving);
  const problem = fault && { from: from.name, to: to.name, ...fault };
  return { from: from.name, to: to.name, connections: toLiving.length, expected, problem };
}

type Fault = { readonly reason: MeshProblemReason; readonly message: string };

function pairFault(
  wanted: PairConnections,
  from: Observed,
  to: Observed,
  toLiving: readonly Route[],
): Fault | undefined {
  const label = `${from.name} → ${to.name}`;
  const ghosts = from.routes.length - toLiving.length;
  if (wanted.kind === 'refused') {
    const sizes = wanted.poolSizes.join(' and ');
    const message = `${label}: cluster.pool_size is ${sizes}; before 2.11.2 servers refuse each other unless it is equal`;
    return { reason: 'PoolSizeMismatch', message };
  }
  if (ghosts > 0) {
    const message = `${label}: ${ghosts} connections lead to a server id that is not ${to.name}'s, as after its restart`;
    return { reason: 'GhostRoute', message };
  }
  const expected = wanted.pooled + wanted.accounts.length;
  if (toLiving.length === 0) {
    const counted = to.routes.length;
    return counted === 0
      ? { reason: 'NoRoute', message: `${label}: no route, expected ${expected} connections` }
      : {
          reason: 'OneSidedRoute',
          message: `${label}: no route, while ${to.name} reports ${counted} connections back`,
        };
  }
  return connectionFault(label, wanted, toLiving);
}

function connectionFault(
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
