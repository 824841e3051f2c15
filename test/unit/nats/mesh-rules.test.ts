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
    'a peer without any route is named in both directions',
    { 'nats-0': { routes: routesTo('nats-2') }, 'nats-1': { routes: routesTo('nats-2') } },
    ['nats-0>nats-1:NoRoute', 'nats-1>nats-0:NoRoute'],
  ],
  [
    'a route that only one side reports is one-sided',
    { 'nats-0': { routes: routesTo('nats-2') } },
    ['nats-0>nats-1:OneSidedRoute'],
  ],
  [
    'a pool with a connection less is incomplete',
    { 'nats-0': { routes: [...without(routesTo('nats-1'), 0), ...routesTo('nats-2')] } },
    ['nats-0>nats-1:ConnectionsMissing'],
  ],
  [
    'a peer with its account route alone is incomplete',
    { 'nats-0': { routes: [...routesTo('nats-1', { pooled: 0 }), ...routesTo('nats-2')] } },
    ['nats-0>nats-1:ConnectionsMissing'],
  ],
  [
    'the route of the system account is not made up for by a fourth in the pool',
    { 'nats-0': { routes: [...routesTo('nats-1', { pooled: 4, accounts: [] }), ...routesTo('nats-2')] } },
    ['nats-0>nats-1:ConnectionsMissing'],
  ],
  [
    'a connection more than the pool is surplus',
    { 'nats-0': { routes: [...routesTo('nats-1', { pooled: 4 }), ...routesTo('nats-2')] } },
    ['nats-0>nats-1:ConnectionsSurplus'],
  ],
  [
    'the route of an account that is not pinned is surplus',
    { 'nats-0': { routes: [...routesTo('nats-1', { accounts: ['$SYS', 'ORDERS'] }), ...routesTo('nats-2')] } },
    ['nats-0>nats-1:ConnectionsSurplus'],
  ],
  [
    'routes to the former process of a peer are ghosts, even in the right number',
    {
      'nats-0': {
        routes: [...routesTo('nats-1').map((route) => ({ ...route, remoteId: 'ID-dead' })), ...routesTo('nats-2')],
      },
    },
    ['nats-0>nats-1:GhostRoute'],
  ],
  [
    'ghosts beside a full set still count',
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
    'a name does not make up for the id of another peer',
    {
      'nats-0': {
        routes: [...routesTo('nats-1').map((route) => ({ ...route, remoteId: idOf('nats-2') })), ...routesTo('nats-2')],
      },
    },
    ['nats-0>nats-1:OneSidedRoute', 'nats-0>nats-2:ConnectionsSurplus'],
  ],
  [
    'a peer that is not expected is named',
    { 'nats-0': { routes: [...routesTo('nats-1'), ...routesTo('nats-2'), ...routesTo('nats-3')] } },
    ['nats-0>nats-3:UnexpectedPeer'],
  ],
  [
    'a peer of a foreign cluster is named by its id when it has no name',
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
    'a route of a server to itself is not expected',
    { 'nats-0': { routes: [...routesTo('nats-0'), ...routesTo('nats-1'), ...routesTo('nats-2')] } },
    ['nats-0>nats-0:UnexpectedPeer'],
  ],
  ['another pod of the same name does not count', { 'nats-1': { pod: { uid: 'other' } } }, ['nats-1>:PodReplaced']],
  [
    'a pod of the former template does not count',
    { 'nats-1': { pod: { statefulSetRevision: 'nats-0' } } },
    ['nats-1>:OldPodTemplate'],
  ],
  ['a former revision does not count', { 'nats-1': { varz: { tags: ['rev:r0'] } } }, ['nats-1>:OldRevision']],
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
    'answers of two processes are no observation',
    { 'nats-1': { routezServerId: 'ID-former' } },
    ['nats-1>:RestartedWhileObserved'],
  ],
  ['a version that is none is unsupported', { 'nats-1': { varz: { version: 'dev' } } }, ['nats-1>:ServerUnsupported']],
  [
    'pools of different sizes become the larger one from 2.11.2 on',
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
    'pools of different sizes never meet before 2.11.2',
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
    'without a pool on one side one connection is all',
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
    'an absent pool size is the default one',
    { 'nats-1': { varz: { version: '2.10.29', cluster: { ...clusterVarz, poolSize: undefined } } } },
    [],
  ],
  ['releases may differ while pools are equal', { 'nats-1': { varz: { version: '2.10.29' } } }, []],
];

test.each(rows)('%s', (_, differences, problems) => {
  expect(problemsOf(expectationOf(3), sampleOf(3, differences))).toEqual(problems);
});

test.each<readonly [string, number, readonly string[]]>([
  ['who has a route to every server that is yet to be replaced has all', 1, []],
  ['who has none to one of them lacks it', 2, ['nats-0>:NoRoute', 'nats-1>:NoRoute']],
])('beside servers that are not observed, %s', (_, atLeast, problems) => {
  const routes = (peer: string) => ({ routes: [...routesTo(peer), ...routesTo('nats-7')] });
  const sample = sampleOf(2, { 'nats-0': routes('nats-1'), 'nats-1': routes('nats-0') });
  expect(problemsOf({ ...expectationOf(2), strangers: { atLeast } }, sample)).toEqual(problems);
});
