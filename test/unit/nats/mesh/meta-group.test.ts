import { describe, expect, test } from '@jest/globals';
import { findJoinedServers, findOutsiders } from '../../../../src/nats/mesh/meta-group.ts';
import type { Varz, VarzMetaGroup } from '../../../../src/nats/mesh/monitoring.ts';
import type { MeshExpectation, MeshSample } from '../../../../src/nats/mesh/observation.ts';
import { checkMesh } from '../../../../src/nats/mesh/verdict.ts';
import { type Difference, expectationOf, problemsOf, sampleOf, thrice } from '../../support/mesh-sample.ts';

const wanted = expectationOf(3, { jetstream: true });

/** Builds the group as a member reports it. Only the leader lists the other members. */
function group(overrides: Partial<VarzMetaGroup> = {}): Difference {
  return { varz: { jetstream: { metaGroup: { leader: 'nats-1', size: 3, replicas: [], ...overrides } } } };
}

type Member = VarzMetaGroup['replicas'][number];

/** Builds a member as the leader lists it: current, unless told otherwise. */
function member(name: string, state: Partial<Member> = {}): Member {
  return { name, current: true, silent: false, ...state };
}

const others = [member('nats-0'), member('nats-2')];

const WHOLE = { 'nats-0': group(), 'nats-1': group({ replicas: others }), 'nats-2': group() };

/** The groups as 2.10.29 reported them: the leader lists one of the two other members, and all servers count two. */
const WITHOUT_ONE = {
  'nats-0': group({ size: 2 }),
  'nats-1': group({ size: 2, replicas: others.slice(1) }),
  'nats-2': group({ size: 2 }),
};

const SILENT: Partial<Member> = { current: false, silent: true };

/** Builds the groups of a leader that hears nothing of some members, which all follow it. */
function withSilent(...names: readonly string[]): Readonly<Record<string, Difference>> {
  const replicas = others.map(({ name }) => member(name, names.includes(name) ? SILENT : {}));
  return { ...WHOLE, 'nats-1': group({ replicas }) };
}

function withLeader(leader: string): Readonly<Record<string, Difference>> {
  const same = group({ size: 2, leader });
  return { 'nats-0': same, 'nats-1': same, 'nats-2': same };
}

function withGroups(differences: Readonly<Record<string, Difference>>): MeshSample {
  return sampleOf(3, { ...WHOLE, ...differences });
}

const off: Difference = { varz: { jetstream: undefined } };
const nowhere: Difference = { varz: { jetstream: { metaGroup: undefined } } };

describe('the servers with JetStream', () => {
  test('pass with one leader that all of them name and that lists all of them', () => {
    expect(checkMesh(wanted, thrice(withGroups({})))).toEqual({ kind: 'complete' });
  });

  test.each<[string, Readonly<Record<string, Difference>>, readonly string[]]>([
    [
      'no leader is elected',
      { 'nats-0': group({ leader: undefined }), 'nats-1': group({ leader: undefined }), 'nats-2': nowhere },
      ['nats-0>:NoMetaLeader', 'nats-1>:NoMetaLeader', 'nats-2>:NoMetaLeader'],
    ],
    ['one server does not know the leader', { 'nats-2': group({ leader: undefined }) }, ['nats-2>:NoMetaLeader']],
    ['two servers lead', { 'nats-2': group({ leader: 'nats-2' }) }, ['nats-2>:OtherMetaLeader']],
    [
      'an unknown server leads',
      {
        'nats-0': group({ leader: 'old-1' }),
        'nats-1': group({ leader: 'old-1' }),
        'nats-2': group({ leader: 'old-1' }),
      },
      ['nats-0>:OtherMetaLeader', 'nats-1>:OtherMetaLeader', 'nats-2>:OtherMetaLeader'],
    ],
    ['one server counts fewer members', { 'nats-0': group({ size: 2 }) }, ['nats-0>:MetaGroupSize']],
    ['one server counts more members', { 'nats-1': group({ size: 4, replicas: others }) }, ['nats-1>:MetaGroupSize']],
    [
      'one member is behind',
      { 'nats-1': group({ replicas: others.map((one) => ({ ...one, current: one.name === 'nats-2' })) }) },
      ['nats-1>:MetaPeerBehind'],
    ],
    ['the leader lists no members', { 'nats-1': group({ replicas: [] }) }, ['nats-1>:MetaPeerBehind']],
    ['one server runs no JetStream', { 'nats-2': off }, ['nats-2>:JetStreamOff']],
  ])('fail if %s', (_, differences, problems) => {
    expect(problemsOf(wanted, withGroups(differences))).toEqual(problems);
  });

  test('pass if all count one member too few, but the leader lists all, and the quorum is the same', () => {
    const few = {
      'nats-0': group({ size: 2 }),
      'nats-1': group({ size: 2, replicas: others }),
      'nats-2': group({ size: 2 }),
    };
    expect(problemsOf(wanted, withGroups(few))).toEqual([]);
    const gone = { ...few, 'nats-1': group({ size: 2, replicas: others.slice(1) }) };
    expect(problemsOf(wanted, withGroups(gone))).toEqual(['nats-0>:OutsideMetaGroup']);
    const behind = {
      ...few,
      'nats-1': group({ size: 2, replicas: [member('nats-0', { current: false }), member('nats-2')] }),
    };
    expect(problemsOf(wanted, withGroups(behind))).toEqual(
      ['nats-0', 'nats-1', 'nats-2'].map((name) => `${name}>:MetaGroupSize`),
    );
  });

  test('fail if all count one member too few and the quorum is smaller', () => {
    const four = ['nats-0', 'nats-2', 'nats-3'].map((name) => member(name));
    const same = group({ size: 3 });
    const few = { 'nats-0': same, 'nats-1': group({ size: 3, replicas: four }), 'nats-2': same, 'nats-3': same };
    expect(problemsOf(expectationOf(4, { jetstream: true }), sampleOf(4, few))).toHaveLength(4);
  });

  test('fail if one server is outside of the meta group, and that server is named', () => {
    const verdict = checkMesh(wanted, [withGroups(WITHOUT_ONE)]);
    const messages = verdict.kind === 'incomplete' ? verdict.problems.map(({ message }) => message) : [];
    expect(messages).toEqual(['nats-0: is not a member of the JetStream meta group, which has 2 of 3 servers']);
  });

  test('are described while they are not complete', () => {
    const verdict = checkMesh(wanted, [withGroups({ 'nats-0': group({ leader: undefined }) })]);
    const messages = verdict.kind === 'incomplete' ? verdict.problems.map(({ message }) => message) : [];
    expect(messages).toEqual(['nats-0: no JetStream meta leader yet']);
  });

  test('are not checked without JetStream', () => {
    expect(problemsOf(expectationOf(3), withGroups({ 'nats-0': off, 'nats-1': nowhere }))).toEqual([]);
  });
});

describe('the servers outside of the meta group', () => {
  const outside = (differences: Readonly<Record<string, Difference>>, expectation = wanted) =>
    findOutsiders(expectation, sampleOf(expectation.servers.length, differences)).map(({ name }) => name);
  const two = { leader: 'nats-1', size: 2, replicas: others.slice(1) } as const;
  const five = expectationOf(5, { jetstream: true });

  test('include a server that neither leads nor is listed by the leader', () => {
    expect(outside(WITHOUT_ONE)).toEqual(['nats-0']);
  });

  test('include a server that counts itself, because the leader does not', () => {
    expect(outside({ ...WITHOUT_ONE, 'nats-0': group() })).toEqual(['nats-0']);
  });

  test('include all missing servers', () => {
    const names = ['nats-0', 'nats-2', 'nats-3', 'nats-4'];
    const group5 = Object.fromEntries(names.map((name) => [name, group({ size: 2 })]));
    expect(outside({ ...group5, 'nats-1': group(two) }, five)).toEqual(['nats-0', 'nats-3', 'nats-4']);
  });

  test('include a member whose answers do not reach the leader', () => {
    expect(outside(withSilent('nats-0'))).toEqual(['nats-0']);
    const verdict = checkMesh(wanted, [withGroups(withSilent('nats-0'))]);
    expect(verdict.kind === 'incomplete' ? verdict.problems : []).toEqual([
      {
        from: 'nats-0',
        to: undefined,
        reason: 'OutsideMetaGroup',
        message: 'nats-0: is connected, but the JetStream meta leader nats-1 has received no answer from it for 10 s',
      },
    ]);
  });

  test.each<[string, Readonly<Record<string, Difference>>]>([
    ['the group is complete', WHOLE],
    ['no majority answers the leader', withSilent('nats-0', 'nats-2')],
    [
      'a member does not answer the leader, and another one is behind',
      {
        ...WHOLE,
        'nats-1': group({ replicas: [member('nats-0', SILENT), member('nats-2', { current: false })] }),
      },
    ],
    [
      'a member that catches up answers the leader',
      {
        ...WHOLE,
        'nats-1': group({ replicas: [member('nats-0', { current: false }), member('nats-2')] }),
      },
    ],
    ['the leader lists all and counts one too few', { ...WITHOUT_ONE, 'nats-1': group({ size: 2, replicas: others }) }],
    ['the leader counts all and lists one too few', { ...WHOLE, 'nats-1': group({ replicas: two.replicas }) }],
    ['a member counts differently', { ...WITHOUT_ONE, 'nats-2': group() }],
    ['one server names no leader', { ...WITHOUT_ONE, 'nats-0': group({ size: 2, leader: undefined }) }],
    ['one server names another leader', { ...WITHOUT_ONE, 'nats-0': group({ size: 2, leader: 'nats-0' }) }],
    ['an unknown server leads', withLeader('old-1')],
    ['one server runs no JetStream', { ...WITHOUT_ONE, 'nats-0': off }],
    ['one server has no meta group', { ...WITHOUT_ONE, 'nats-0': nowhere }],
    [
      'a member is behind',
      { ...WITHOUT_ONE, 'nats-1': group({ ...two, replicas: [member('nats-2', { current: false })] }) },
    ],
    ['an unknown server is a member', { ...WITHOUT_ONE, 'nats-1': group({ ...two, replicas: [member('old-2')] }) }],
  ])('are none if %s', (_, differences) => {
    expect(outside(differences)).toEqual([]);
  });

  test.each<[string, MeshExpectation]>([
    ['another cluster may join', expectationOf(3, { jetstream: true, joinsClusters: true })],
    ['JetStream is not wanted', expectationOf(3)],
  ])('are none if %s', (_, expectation) => {
    expect(outside(WITHOUT_ONE, expectation)).toEqual([]);
  });

  test('are none if a server was not observed', () => {
    expect(findOutsiders(five, sampleOf(3, WITHOUT_ONE))).toEqual([]);
  });
});

describe('the servers with JetStream whose gateways join another cluster', () => {
  const joined = expectationOf(3, { jetstream: true, joinsClusters: true });
  const all = (overrides: Partial<VarzMetaGroup>) =>
    withGroups({ 'nats-0': group(overrides), 'nats-1': group(overrides), 'nats-2': group(overrides) });

  test('pass with a leader of the other cluster, and with a group that its servers enlarge', () => {
    expect(problemsOf(joined, all({ leader: 'west-0', size: 5 }))).toEqual([]);
    expect(findJoinedServers(['nats-0'], [{ leader: 'west-0', size: 2, replicas: [member('west-1')] }])).toEqual([
      'west-0',
      'west-1',
    ]);
    const unled = { leader: undefined, size: 3, replicas: [member('nats-1'), member('west-1')] };
    expect(findJoinedServers(['nats-0', 'nats-1'], [unled])).toEqual(['west-1']);
  });

  test('pass with their own leader if the other cluster has no JetStream', () => {
    expect(problemsOf(joined, withGroups({}))).toEqual([]);
  });

  test.each<[string, Readonly<Record<string, Difference>>, readonly string[]]>([
    ['two servers lead', { 'nats-2': group({ leader: 'west-0', size: 5 }) }, ['nats-2>:OtherMetaLeader']],
    ['no leader is elected', { 'nats-0': group({ leader: undefined, size: 5 }) }, ['nats-0>:NoMetaLeader']],
    ['one server runs no JetStream', { 'nats-0': off }, ['nats-0>:JetStreamOff']],
  ])('fail if %s', (_, differences, problems) => {
    const size = {
      'nats-0': group({ size: 5 }),
      'nats-1': group({ size: 5, replicas: others }),
      'nats-2': group({ size: 5 }),
    };
    expect(problemsOf(joined, withGroups({ ...size, ...differences }))).toEqual(problems);
  });

  test('fail if they count differently, or fewer members than servers', () => {
    expect(problemsOf(joined, withGroups({ 'nats-0': group({ size: 5 }) }))).toEqual(
      ['nats-1', 'nats-2'].map((name) => `${name}>:MetaGroupSize`),
    );
    expect(problemsOf(joined, all({ leader: 'west-0', size: 2 }))).toHaveLength(3);
  });
});

describe('a single server with JetStream', () => {
  const alone: MeshExpectation = expectationOf(1, { jetstream: true, clusterName: undefined });
  const varz = (overrides: Partial<Varz>) => sampleOf(1, { 'nats-0': { varz: { cluster: undefined, ...overrides } } });

  test('needs no cluster and no leader', () => {
    expect(problemsOf(alone, varz({ jetstream: { metaGroup: undefined } }))).toEqual([]);
  });

  test('must run JetStream', () => {
    expect(problemsOf(alone, varz({}))).toEqual(['nats-0>:JetStreamOff']);
  });

  test('must not be in a cluster', () => {
    const clustered = sampleOf(1, { 'nats-0': nowhere });
    expect(problemsOf(alone, clustered)).toEqual(['nats-0>:ForeignCluster']);
  });
});
