import { checkMetaGroup } from './meta-group.ts';
import type { Route } from './monitoring.ts';
import type { MeshExpectation, MeshProblem, MeshSample, ServerObservation } from './observation.ts';
import { checkPair, type MeshPair, type PairEnd, type Pooling, readPooling } from './pair.ts';
import { checkServer } from './server.ts';

/** The verdict on one sample: every expected pair of the observed servers, and all problems. */
export type SampleVerdict = { readonly pairs: readonly MeshPair[]; readonly problems: readonly MeshProblem[] };

type Peers = {
  readonly observations: ReadonlyMap<string, ServerObservation>;
  readonly poolings: ReadonlyMap<string, Pooling>;
  /** The routes by server name, then by the peer name that they resolve to. */
  readonly routes: ReadonlyMap<string, ReadonlyMap<string, readonly Route[]>>;
};

/**
 * Compares a sample with the expectation. The observed servers must be exactly the expected ones, each server must be
 * as expected, and its peers must be exactly the others. The cost is one pass over the routes and one over the pairs.
 */
export function checkSample(expectation: MeshExpectation, sample: MeshSample): SampleVerdict {
  const expectedNames = new Set(expectation.servers.map((server) => server.serverName));
  if (expectedNames.size === 0) {
    const message = 'expected at least one server, got none, so the mesh cannot be verified';
    return { pairs: [], problems: [{ from: '', to: undefined, reason: 'NothingExpected', message }] };
  }
  const peers = indexPeers(expectation, sample);
  const pairs = checkPairs(expectation, peers);
  const problems = [
    ...findStrangers(expectedNames, sample),
    ...expectation.servers.flatMap((expected): readonly MeshProblem[] => {
      const { serverName } = expected;
      const observation = peers.observations.get(serverName);
      if (observation === undefined) {
        const message = `${serverName}: could not be observed`;
        return [{ from: serverName, to: undefined, reason: 'NotObserved', message }];
      }
      const problem = checkServer(expectation, expected, observation);
      return [
        ...(problem === undefined ? [] : [problem]),
        ...checkOtherPeers(expectation, expectedNames, serverName, peers),
      ];
    }),
    ...pairs.flatMap(({ problem }) => problem ?? []),
    ...checkMetaGroup(expectation, sample),
  ];
  return { pairs, problems };
}

function indexPeers(expectation: MeshExpectation, sample: MeshSample): Peers {
  const names = new Map(sample.map(({ varz }) => [varz.serverId, varz.serverName]));
  const observations = new Map(sample.map((observation) => [observation.varz.serverName, observation]));
  const routes = new Map(
    [...observations].map(([name, { routez }]) => {
      const byPeer = new Map<string, Route[]>();
      for (const route of routez.routes) {
        // The id of a running server is more reliable than its name, because names are chosen freely.
        const peer = names.get(route.remoteId) ?? route.remoteName ?? route.remoteId;
        const known = byPeer.get(peer);
        if (known === undefined) {
          byPeer.set(peer, [route]);
        } else {
          known.push(route);
        }
      }
      return [name, byPeer] as const;
    }),
  );
  const poolings = new Map(
    [...observations].map(([name, observation]) => [name, readPooling(expectation, observation)]),
  );
  return { observations, poolings, routes };
}

/**
 * Builds the pairs. It leaves out pairs from a server that was not observed, because the server has the problem
 * `NotObserved`.
 */
function checkPairs({ servers }: MeshExpectation, peers: Peers): readonly MeshPair[] {
  const pairs: MeshPair[] = [];
  for (const { serverName: from } of servers) {
    for (const { serverName: to } of servers) {
      const own = from === to ? undefined : findEnd(peers, from, to);
      if (own === undefined) continue;
      const other = findEnd(peers, to, from);
      pairs.push(other === undefined ? reportUnobservedPeer(from, to, own.routes.length) : checkPair(own, other));
    }
  }
  return pairs;
}

/** Returns one end of a pair; undefined if the server was not observed. */
function findEnd({ observations, poolings, routes }: Peers, name: string, peer: string): PairEnd | undefined {
  const observation = observations.get(name);
  const pooling = poolings.get(name);
  if (observation === undefined || pooling === undefined) return undefined;
  return { name, serverId: observation.varz.serverId, pooling, routes: routes.get(name)?.get(peer) ?? NO_ROUTES };
}

const NO_ROUTES: readonly Route[] = [];

/**
 * Reports a pair whose peer was not observed. The id of the peer is unknown, so connections to it may be ghosts and
 * never count.
 */
function reportUnobservedPeer(from: string, to: string, connections: number): MeshPair {
  const message =
    connections === 0
      ? `${from} → ${to}: no route`
      : `${from} → ${to}: ${connections} connections, but ${to} could not be observed`;
  const reason = connections === 0 ? 'NoRoute' : 'NotObserved';
  return { from, to, connections, expected: undefined, problem: { from, to, reason, message } };
}

function findStrangers(expectedNames: ReadonlySet<string>, sample: MeshSample): readonly MeshProblem[] {
  const seenNames = new Set<string>();
  const seenIds = new Set<string>();
  return sample.flatMap(({ varz }): readonly MeshProblem[] => {
    const { serverName, serverId } = varz;
    const quotedName = JSON.stringify(serverName);
    const duplicate = seenNames.has(serverName) || seenIds.has(serverId);
    seenNames.add(serverName);
    seenIds.add(serverId);
    if (!expectedNames.has(serverName)) {
      const message = `a server named ${quotedName} answered, which is not an expected server`;
      return [{ from: serverName, to: undefined, reason: 'UnexpectedServer', message }];
    }
    const message = `two observed servers have the name ${quotedName} or the server id ${serverId}`;
    return duplicate ? [{ from: serverName, to: undefined, reason: 'DuplicateServer', message }] : [];
  });
}

/**
 * Returns the missing routes to peers that are not observed, if the expectation allows such peers; otherwise the
 * unexpected peers.
 */
function checkOtherPeers(
  { strangers: allowed }: MeshExpectation,
  expectedNames: ReadonlySet<string>,
  from: string,
  peers: Peers,
): readonly MeshProblem[] {
  const unexpected = findUnexpectedPeers(expectedNames, from, peers);
  if (allowed === undefined) {
    return unexpected;
  }
  const others = unexpected.filter(({ to }) => to !== from);
  const message = `${from}: routes to ${others.length} of the ${allowed.atLeast} servers that still have to be replaced`;
  return [
    ...unexpected.filter(({ to }) => to === from),
    ...(others.length < allowed.atLeast ? [{ from, to: undefined, reason: 'NoRoute', message } as const] : []),
  ];
}

/**
 * Returns the peers that are not expected: servers of another deployment, servers that should no longer exist, and
 * routes of a server to itself.
 */
function findUnexpectedPeers(
  expectedNames: ReadonlySet<string>,
  from: string,
  { routes }: Peers,
): readonly MeshProblem[] {
  return [...(routes.get(from) ?? [])].flatMap(([to, { length }]): readonly MeshProblem[] => {
    if (to !== from && expectedNames.has(to)) {
      return [];
    }
    const message = `${from} → ${JSON.stringify(to)}: ${length} connections to a peer that is not expected`;
    return [{ from, to, reason: 'UnexpectedPeer', message }];
  });
}
