import { expect, test } from '@jest/globals';
import {
  clusterVarz,
  type Difference,
  expectationOf,
  idOf,
  problemsOf,
  routesTo,
  sampleOf,
  without,
} from '../support/mesh-sample.ts';

type Row = readonly [rule: string, differences: Readonly<Record<string, Difference>>, problems: readonly string[]];

const rows: readonly Row[] = [
  [
    'a peer without any route is reported in both directions',
    { 'nats-0': { routes: routesTo('nats-2') }, 'nats-1': { routes: routesTo('nats-2') } },
    ['nats-0>nats-1:NoRoute', 'nats-1>nats-0:NoRoute'],
  ],
  [
    'a route that only one side reports is one-sided',
    { 'nats-0': { routes: routesTo('nats-2') } },
    ['nats-0>nats-1:OneSidedRoute'],
  ],
  [
    'a pool with a missing connection is incomplete',
    { 'nats-0': { routes: [...without(routesTo('nats-1'), 0), ...routesTo('nats-2')] } },
    ['nats-0>nats-1:ConnectionsMissing'],
  ],
  [
    'a peer with only its account route is incomplete',
    { 'nats-0': { routes: [...routesTo('nats-1', { pooled: 0 }), ...routesTo('nats-2')] } },
    ['nats-0>nats-1:ConnectionsMissing'],
  ],
  [
    'a fourth connection in the pool does not replace the route of the system account',
    { 'nats-0': { routes: [...routesTo('nats-1', { pooled: 4, accounts: [] }), ...routesTo('nats-2')] } },
    ['nats-0>nats-1:ConnectionsMissing'],
  ],
  [
    'a connection beyond the pool is surplus',
    { 'nats-0': { routes: [...routesTo('nats-1', { pooled: 4 }), ...routesTo('nats-2')] } },
    ['nats-0>nats-1:ConnectionsSurplus'],
  ],
  [
    'the route of an account that is not pinned is surplus',
    { 'nats-0': { routes: [...routesTo('nats-1', { accounts: ['$SYS', 'ORDERS'] }), ...routesTo('nats-2')] } },
    ['nats-0>nats-1:ConnectionsSurplus'],
  ],
  [
    'the route of another account does not replace the route of the system account',
    { 'nats-0': { routes: [...routesTo('nats-1', { accounts: ['ORDERS'] }), ...routesTo('nats-2')] } },
    ['nats-0>nats-1:ConnectionsMissing'],
  ],
  [
    'routes of accounts do not replace connections of the pool',
    {
      'nats-0': { routes: [...routesTo('nats-1', { pooled: 1, accounts: ['$SYS', 'A', 'B'] }), ...routesTo('nats-2')] },
    },
    ['nats-0>nats-1:ConnectionsMissing'],
  ],
  [
    'routes to the former process of a peer are ghost routes, even in the right number',
    {
      'nats-0': {
        routes: [...routesTo('nats-1').map((route) => ({ ...route, remoteId: 'ID-dead' })), ...routesTo('nats-2')],
      },
    },
    ['nats-0>nats-1:GhostRoute'],
  ],
  [
    'routes to the former process are reported even if all current routes exist',
    {
      'nats-0': {
        routes: [
          ...routesTo('nats-1'),
          { routeId: 9, remoteId: 'ID-dead', ageMs: 0, remoteName: 'nats-1', account: undefined },
        ].concat(routesTo('nats-2')),
      },
    },
    ['nats-0>nats-1:GhostRoute'],
  ],
  [
    'a route with the right name and the id of another peer does not count',
    {
      'nats-0': {
        routes: [...routesTo('nats-1').map((route) => ({ ...route, remoteId: idOf('nats-2') })), ...routesTo('nats-2')],
      },
    },
    ['nats-0>nats-1:OneSidedRoute', 'nats-0>nats-2:ConnectionsSurplus'],
  ],
  [
    'an unexpected peer is reported',
    { 'nats-0': { routes: [...routesTo('nats-1'), ...routesTo('nats-2'), ...routesTo('nats-3')] } },
    ['nats-0>nats-3:UnexpectedPeer'],
  ],
  [
    'a peer of another cluster is reported by its id if it has no name',
    {
      'nats-0': {
        routes: [
          ...routesTo('nats-1'),
          ...routesTo('nats-2'),
          { routeId: 999, remoteId: 'ID-foreign', ageMs: 0, remoteName: undefined, account: undefined },
        ],
      },
    },
    ['nats-0>ID-foreign:UnexpectedPeer'],
  ],
  [
    'a route of a server to itself is unexpected',
    { 'nats-0': { routes: [...routesTo('nats-0'), ...routesTo('nats-1'), ...routesTo('nats-2')] } },
    ['nats-0>nats-0:UnexpectedPeer'],
  ],
  ['another pod of the same name does not count', { 'nats-1': { pod: { uid: 'other' } } }, ['nats-1>:PodReplaced']],
  [
    'a pod of an outdated template does not count',
    { 'nats-1': { pod: { statefulSetRevision: 'nats-0' } } },
    ['nats-1>:OldPodTemplate'],
  ],
  ['an outdated revision does not count', { 'nats-1': { varz: { tags: ['rev:r0'] } } }, ['nats-1>:OldRevision']],
  ['a server without revision does not count', { 'nats-1': { varz: { tags: [] } } }, ['nats-1>:OldRevision']],
  [
    'a server of another cluster does not count',
    { 'nats-1': { varz: { cluster: { ...clusterVarz, name: 'other' } } } },
    ['nats-1>:ForeignCluster'],
  ],
  [
    'a server without cluster does not count',
    { 'nats-1': { varz: { cluster: undefined } } },
    ['nats-1>:ForeignCluster'],
  ],
  [
    'responses of two processes are not an observation',
    { 'nats-1': { routezServerId: 'ID-former' } },
    ['nats-1>:RestartedWhileObserved'],
  ],
  ['an invalid version is unsupported', { 'nats-1': { varz: { version: 'dev' } } }, ['nats-1>:ServerUnsupported']],
  [
    'the larger of two pool sizes applies from 2.11.2 on',
    {
      'nats-0': {
        varz: { version: '2.11.2', cluster: { ...clusterVarz, poolSize: 5 } },
        routes: [...routesTo('nats-1', { pooled: 5 }), ...routesTo('nats-2', { pooled: 5 })],
      },
      'nats-1': { routes: [...routesTo('nats-0', { pooled: 5 }), ...routesTo('nats-2')] },
      'nats-2': { routes: [...routesTo('nats-0', { pooled: 5 }), ...routesTo('nats-1')] },
    },
    [],
  ],
  [
    'different pool sizes are refused before 2.11.2',
    {
      'nats-0': { varz: { version: '2.10.29', cluster: { ...clusterVarz, poolSize: 5 } }, routes: [] },
      'nats-1': { routes: routesTo('nats-2') },
      'nats-2': { routes: routesTo('nats-1') },
    },
    [
      'nats-0>nats-1:PoolSizeMismatch',
      'nats-0>nats-2:PoolSizeMismatch',
      'nats-1>nats-0:PoolSizeMismatch',
      'nats-2>nats-0:PoolSizeMismatch',
    ],
  ],
  [
    'one connection is complete if one side has no pool',
    {
      'nats-0': {
        varz: { cluster: { ...clusterVarz, poolSize: -1 } },
        routes: [
          ...routesTo('nats-1', { pooled: 1, accounts: [] }),
          ...routesTo('nats-2', { pooled: 1, accounts: [] }),
        ],
      },
      'nats-1': { routes: [...routesTo('nats-0', { pooled: 1, accounts: [] }), ...routesTo('nats-2')] },
      'nats-2': { routes: [...routesTo('nats-0', { pooled: 1, accounts: [] }), ...routesTo('nats-1')] },
    },
    [],
  ],
  [
    'a missing pool size is the default one',
    { 'nats-1': { varz: { version: '2.10.29', cluster: { ...clusterVarz, poolSize: undefined } } } },
    [],
  ],
  [
    'a pool may have one connection in addition to the route of the system account',
    Object.fromEntries(
      ['nats-0', 'nats-1', 'nats-2'].map((name, own, all) => [
        name,
        {
          varz: { cluster: { ...clusterVarz, poolSize: 1 } },
          routes: all.filter((_, other) => other !== own).flatMap((peer) => routesTo(peer, { pooled: 1 })),
        },
      ]),
    ),
    [],
  ],
  ['releases may differ while pools are equal', { 'nats-1': { varz: { version: '2.10.29' } } }, []],
];

test.each(rows)('%s', (_, differences, problems) => {
  expect(problemsOf(expectationOf(3), sampleOf(3, differences))).toEqual(problems);
});

test('servers without a system account have only the routes of the pool', () => {
  const alone = (peer: string) => ({ varz: { systemAccount: undefined }, routes: routesTo(peer, { accounts: [] }) });
  const sample = sampleOf(2, { 'nats-0': alone('nats-1'), 'nats-1': alone('nats-0') });
  expect(problemsOf(expectationOf(2), sample)).toEqual([]);
});

test('a second route of one pinned account does not replace the route of another one', () => {
  const routes = routesTo('nats-1', { accounts: ['$SYS', '$SYS'] });
  const back = routesTo('nats-0', { accounts: ['$SYS', 'ORDERS'] });
  const sample = sampleOf(2, { 'nats-0': { routes }, 'nats-1': { routes: back } });
  expect(problemsOf(expectationOf(2, { pinnedAccounts: ['ORDERS'] }), sample)).toEqual([
    'nats-0>nats-1:ConnectionsMissing',
  ]);
});

test.each<readonly [string, number, readonly string[]]>([
  ['a server with a route to every one of them is complete', 1, []],
  ['a server without a route to one of them is incomplete', 2, ['nats-0>:NoRoute', 'nats-1>:NoRoute']],
])('among servers that are not observed, %s', (_, atLeast, problems) => {
  const routes = (peer: string) => ({ routes: [...routesTo(peer), ...routesTo('nats-7')] });
  const sample = sampleOf(2, { 'nats-0': routes('nats-1'), 'nats-1': routes('nats-0') });
  expect(problemsOf({ ...expectationOf(2), strangers: { atLeast } }, sample)).toEqual(problems);
});
