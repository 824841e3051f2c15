import { describe, expect, test } from '@jest/globals';
import { type ConsequenceContext, describeConsequences, findLostUsers } from '../../../src/forecast/consequences.ts';
import {
  classifyEffects,
  classifyObject,
  type PlannedPod,
  predictServerEffects,
  type ServerEffects,
  selectGravest,
} from '../../../src/forecast/server-effects.ts';

type PodFacts = Partial<Omit<PlannedPod, 'name'>>;

/** Returns the effects on these pods by ordinal. A test states only the differences from a healthy pod. */
function effectsOf(replicas: number, replicasBefore: number, ...pods: readonly PodFacts[]): Partial<ServerEffects> {
  const facts = pods.map((pod, ordinal) => {
    return { name: `nats-${ordinal}`, isStuck: false, isOutdated: false, isReconfigured: false, ...pod };
  });
  const effects = predictServerEffects({ name: 'nats', replicas, replicasBefore, pods: facts });
  return Object.fromEntries(Object.entries(effects).filter(([, names]) => names.length > 0));
}

const FINE: PodFacts = {};
const OUTDATED: PodFacts = { isOutdated: true };
const RECONFIGURED: PodFacts = { isReconfigured: true };
const STUCK: PodFacts = { isStuck: true, isOutdated: true, isReconfigured: true };

describe('the forecast for servers', () => {
  test.each([
    ['is a start if nothing runs', effectsOf(2, 0), { added: ['nats-0', 'nats-1'] }],
    ['is empty if nothing changes', effectsOf(2, 2, FINE, FINE), {}],
    [
      'is a reload for another configuration',
      effectsOf(2, 2, RECONFIGURED, RECONFIGURED),
      { reloaded: ['nats-0', 'nats-1'] },
    ],
    ['is a restart for another pod template', effectsOf(2, 2, OUTDATED, OUTDATED), { restarted: ['nats-0', 'nats-1'] }],
    [
      'is only a restart if the template and the configuration change',
      effectsOf(2, 2, { ...OUTDATED, ...RECONFIGURED }, RECONFIGURED),
      { restarted: ['nats-0'], reloaded: ['nats-1'] },
    ],
    ['is an immediate replacement of a stuck pod', effectsOf(2, 2, FINE, STUCK), { replaced: ['nats-1'] }],
    [
      'is a start of new servers and a reload of the others',
      effectsOf(3, 2, RECONFIGURED, RECONFIGURED),
      { added: ['nats-2'], reloaded: ['nats-0', 'nats-1'] },
    ],
    [
      'is only a removal for servers that leave',
      effectsOf(1, 3, RECONFIGURED, OUTDATED, STUCK),
      { removed: ['nats-1', 'nats-2'], reloaded: ['nats-0'] },
    ],
    ['is empty for a pod that was just deleted', effectsOf(2, 2, FINE), {}],
    [
      'is a restart for servers that are taken over',
      effectsOf(2, 0, OUTDATED),
      { added: ['nats-1'], restarted: ['nats-0'] },
    ],
  ])('%s', (_, effects, expected) => {
    expect(effects).toEqual(expected);
  });
});

const NONE: ServerEffects = { added: [], removed: [], replaced: [], restarted: [], reloaded: [] };

describe('the class of a planned change', () => {
  test.each([
    ['Secret/nats-config', 'update', { reloaded: ['nats-0'] }, 'reload'],
    ['Secret/tls-nats-server', 'update', { reloaded: ['nats-0'] }, 'reload'],
    ['Secret/tls-nats-routes', 'update', { reloaded: ['nats-0'], added: ['nats-1'] }, 'reload'],
    ['Secret/nats-config', 'update', { restarted: ['nats-0'] }, 'rolling'],
    ['Secret/nats-config', 'update', { added: ['nats-0'] }, 'objects'],
    ['Secret/nats-client', 'update', { reloaded: ['nats-0'] }, 'objects'],
    ['Service/nats', 'update', { restarted: ['nats-0'] }, 'objects'],
    ['StatefulSet/nats', 'update', { restarted: ['nats-0'], added: ['nats-1'] }, 'rolling'],
    ['StatefulSet/nats', 'update', { added: ['nats-1'] }, 'scale'],
    ['StatefulSet/nats', 'update', { removed: ['nats-1'] }, 'scale'],
    ['StatefulSet/nats', 'update', { replaced: ['nats-1'] }, 'rolling'],
    ['StatefulSet/nats', 'update', { replaced: ['nats-1'], added: ['nats-2'] }, 'scale'],
    ['StatefulSet/nats', 'update', {}, 'objects'],
    ['StatefulSet/nats', 'recreate', { restarted: ['nats-0'] }, 'recreate'],
    ['StatefulSet/nats-1', 'update', { restarted: ['nats-0'] }, 'objects'],
  ] as const)('of %s (%s, %j) is %s', (object, action, effects, expected) => {
    expect(classifyObject('nats', { object, action }, { ...NONE, ...effects })).toBe(expected);
  });

  test('is the most severe one for the whole plan', () => {
    expect(selectGravest(['objects', 'rolling', 'reload'])).toBe('rolling');
    expect(selectGravest(['objects', 'recreate', 'rolling'])).toBe('recreate');
    expect(selectGravest([])).toBeUndefined();
  });

  test('exists even for effects without a write', () => {
    expect(selectGravest(classifyEffects({ ...NONE, reloaded: ['nats-0'] }))).toBe('reload');
    expect(selectGravest(classifyEffects({ ...NONE, replaced: ['nats-0'] }))).toBe('rolling');
    expect(classifyEffects(NONE)).toStrictEqual([]);
  });
});

describe('the consequences in a plan', () => {
  const NOBODY = { lostUsers: [], isOwnConfigurationChanged: false, closed: new Map<string, number>() };
  const TERMS: ConsequenceContext = { hasStreams: false, ...NOBODY };
  const consequences = (effects: Partial<ServerEffects>, terms: Partial<ConsequenceContext> = {}) =>
    describeConsequences({ ...NONE, ...effects }, { ...TERMS, ...terms });
  const reloaded = ['nats-0', 'nats-1', 'nats-2'];

  test.each([
    [consequences({ reloaded }), 'reload of 3 servers, no client disconnected: nats-0, nats-1, nats-2'],
    [consequences({ reloaded }, { lostUsers: ['till'] }), /clients of till disconnected, no other client affected/],
    [
      consequences({ reloaded }, { isOwnConfigurationChanged: true }),
      /only clients disconnected that config no longer accepts/,
    ],
    [
      consequences({ reloaded }, { closed: new Map([['nats-0', 9]]) }),
      /, 9 connections of nats-0 closed by max-connections, no other client affected: /,
    ],
    [
      consequences({ reloaded }, { lostUsers: ['till'], isOwnConfigurationChanged: true }),
      /, clients of till disconnected, clients disconnected that config no longer accepts, no other client affected: /,
    ],
    [consequences({ restarted: reloaded }), /^rolling restart \(mesh verified after each server\) of 3 pods: /],
    [consequences({ replaced: ['nats-1'] }), 'replacement of 1 stuck pod at once: nats-1'],
    [consequences({ added: ['nats-3'] }), 'start of 1 server: nats-3'],
    [consequences({ removed: ['nats-3'] }), 'removal of 1 server: nats-3'],
    [consequences({ removed: ['nats-3'] }, { hasStreams: true }), / \(streams move to other servers first\): nats-3$/],
  ])('are printed as %j', (lines, expected) => {
    expect(lines).toEqual([typeof expected === 'string' ? expected : expect.stringMatching(expected)]);
  });

  test.each([
    [6, 'start of 6 servers: nats-0, nats-1, nats-2, nats-3, nats-4, nats-5'],
    [7, 'start of 7 servers: nats-0, nats-1, nats-2, nats-3, … nats-6'],
    [50, 'start of 50 servers: nats-0, nats-1, nats-2, nats-3, … nats-49'],
  ])('name only a few of many servers: %d', (length, line) => {
    const added = Array.from({ length }, (_, ordinal) => `nats-${ordinal}`);
    expect(consequences({ added })).toStrictEqual([line]);
  });

  test('are empty if nothing happens', () => {
    expect(consequences({})).toStrictEqual([]);
  });
});

test('users lose access if they are removed or have another password', () => {
  const before = [
    { user: 'stays', password: 'a' },
    { user: 'changes', password: 'b' },
    { user: 'goes', password: 'c' },
    { user: 'certified' },
  ];
  const after = [
    { user: 'certified' },
    { user: 'changes', password: 'x' },
    { user: 'stays', password: 'a' },
    { user: 'new' },
  ];
  expect(findLostUsers(before, after)).toEqual(['changes', 'goes']);
});
