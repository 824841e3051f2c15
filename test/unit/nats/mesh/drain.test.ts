import { describe, expect, test } from '@jest/globals';
import {
  chooseDrainStep,
  collectStreams,
  createDrainRequests,
  type DrainingServer,
  type DrainView,
  findAgreedGroup,
  type ServerAnswer,
} from '../../../../src/nats/mesh/drain.ts';
import type { StoredStream } from '../../../../src/nats/mesh/jetstream.ts';
import type { Varz } from '../../../../src/nats/mesh/monitoring.ts';
import { sampleOf } from '../../support/mesh-sample.ts';

/**
 * Builds the group as one server reports it. `members` are the other servers in its list; before 2.12, only the leader
 * has this list.
 */
function varzOf(name: string, leader: string | undefined, size: number, members: readonly string[] = []): Varz {
  const [server] = sampleOf(1);
  if (server === undefined) throw new Error('one server was asked for');
  const replicas = members.map((member) => ({ name: member, current: true, silent: false }));
  return { ...server.varz, serverName: name, jetstream: { metaGroup: { leader, size, replicas } } };
}

const names = (count: number): readonly string[] => Array.from({ length: count }, (_, ordinal) => `nats-${ordinal}`);
const others = (name: string, count: number): readonly string[] => names(count).filter((other) => other !== name);

const stream = (name: string, differences: Partial<StoredStream> = {}): StoredStream => {
  return { account: 'A', name, replicas: 1, isInMemory: false, isMoving: false, ...differences };
};

/**
 * Builds the answers of four servers of a group with five members, one of which leads. A test states only differences.
 */
function view(streams: readonly StoredStream[], differences: Partial<DrainView> = {}, leader = 'nats-0'): DrainView {
  const listed = (name: string) => varzOf(name, leader, 5, name === leader ? others(name, 5) : []);
  const staying = new Map(names(4).map((name) => [name, listed(name)]));
  return { leaving: 'nats-4', staying, seen: seen(streams, listed('nats-4')), ...differences };
}

function seen(streams: readonly StoredStream[], varz: Varz, differences: Partial<DrainingServer> = {}): DrainingServer {
  return { varz, health: { problem: undefined }, store: { isDisabled: false, streams }, ...differences };
}

const own = varzOf('nats-4', 'nats-0', 5);
const without4 = new Map(names(4).map((name) => [name, varzOf(name, 'nats-0', 4, others(name, 4))]));

describe('a server that leaves', () => {
  test.each<[string, DrainView, object]>([
    ['transfers its streams', view([stream('X')]), { kind: 'move', streams: [{ name: 'X' }] }],
    ['requests no second transfer of a stream', view([stream('X', { isMoving: true })]), { kind: 'move', streams: [] }],
    ['is removed once it has no streams', view([]), { kind: 'remove' }],
    ['lets another server become leader first', view([], {}, 'nats-4'), { kind: 'step-down' }],
    ['has left once it is not a member of the meta group', view([], { staying: without4 }), { kind: 'left' }],
    ['has left even if it does not respond', view([], { staying: without4, seen: undefined }), { kind: 'left' }],
    [
      'has left, even if its own outdated response still lists it, while its JetStream is disabled',
      view([], { staying: without4, seen: seen([], own, { store: { isDisabled: true, streams: [] } }) }),
      { kind: 'left' },
    ],
    ['stays while its streams are unknown', view([], { seen: undefined }), { kind: 'wait' }],
    [
      'stays while it still recovers its streams',
      view([], { seen: seen([], own, { health: { problem: 'JetStream is not current with the meta leader' } }) }),
      { kind: 'wait' },
    ],
    [
      'stays while its JetStream is disabled and it is a member',
      view([], { seen: seen([], own, { store: { isDisabled: true, streams: [] } }) }),
      { kind: 'wait' },
    ],
    [
      'stays while another server does not respond',
      view([stream('X')], { staying: new Map([...view([]).staying, ['nats-2', undefined]]) }),
      { kind: 'wait', why: expect.stringContaining('nats-2') },
    ],
    [
      'stays without a meta leader',
      view([], { staying: new Map(names(4).map((name) => [name, varzOf(name, undefined, 5)])) }),
      { kind: 'wait' },
    ],
    [
      'stays with two meta leaders',
      view([], { staying: new Map([...view([]).staying, ['nats-2', varzOf('nats-2', 'nats-2', 5)]]) }),
      { kind: 'wait' },
    ],
    [
      'stays while another server is not a member',
      view([], { staying: new Map([...view([]).staying, ['nats-5', varzOf('nats-5', 'nats-0', 5)]]) }),
      { kind: 'wait' },
    ],
    [
      'is removed while the group still counts it, although the leader does not list it',
      view([], { staying: new Map(names(4).map((name) => [name, varzOf(name, 'nats-0', 5, others(name, 4))])) }),
      { kind: 'remove' },
    ],
    [
      'transfers a stream of as many replicas as remaining servers',
      view([stream('X', { replicas: 4 })]),
      { kind: 'move', streams: [{ name: 'X' }] },
    ],
    [
      'is refused to leave with a stream of more replicas than remaining servers',
      view([stream('X'), stream('WIDE', { replicas: 5 })]),
      { kind: 'refuse', streams: [{ name: 'WIDE' }] },
    ],
  ])('%s', (_, seen, step) => {
    expect(chooseDrainStep(seen)).toMatchObject(step);
  });

  test('transfers a few of its streams at a time', () => {
    const goes = names(5).map((name) => stream(name, { isMoving: true }));
    const stays = names(40).map((name) => stream(`of-${name}`));
    const step = chooseDrainStep(view([...goes, ...stays]));
    expect(step).toMatchObject({ kind: 'move', why: expect.stringMatching(/^45 streams to move away: A\/nats-0, /) });
    expect(step.kind === 'move' && step.streams).toHaveLength(3);
  });

  test('transfers no further stream while many of them move', () => {
    const goes = names(10).map((name) => stream(name, { isMoving: true }));
    expect(chooseDrainStep(view([...goes, stream('X'), stream('Y'), stream('Z')]))).toMatchObject({ streams: [] });
  });

  test('needs a request for each stream, for a new leader, and for its removal', () => {
    const step = chooseDrainStep(view([stream('X'), stream('Y')]));
    expect(createDrainRequests(step, 'nats-4')).toEqual([
      { kind: 'move', account: 'A', stream: 'X', from: 'nats-4' },
      { kind: 'move', account: 'A', stream: 'Y', from: 'nats-4' },
    ]);
    expect(createDrainRequests({ kind: 'step-down' }, 'nats-4')).toEqual([{ kind: 'step-down' }]);
    expect(createDrainRequests({ kind: 'remove' }, 'nats-4')).toEqual([{ kind: 'remove', server: 'nats-4' }]);
    expect(createDrainRequests({ kind: 'left' }, 'nats-4')).toStrictEqual([]);
  });
});

describe('the meta group', () => {
  test('comes from its leader, or from a member that lists it if the leader was not observed', () => {
    const members = new Set(['nats-0', 'nats-1', 'nats-2']);
    const leader = varzOf('nats-0', 'nats-0', 3, ['nats-1', 'nats-2']);
    const newer = varzOf('nats-1', 'nats-0', 3, ['nats-0', 'nats-2']);
    const older = varzOf('nats-2', 'nats-0', 3);
    expect(findAgreedGroup([leader, older])?.members).toEqual(members);
    expect(findAgreedGroup([newer, older])?.members).toEqual(members);
    expect(findAgreedGroup([older], leader)?.members).toEqual(members);
    expect(findAgreedGroup([older])?.members).toStrictEqual(new Set(['nats-0']));
  });

  test('is that of its members if a server that has just started counts itself, and the leader does not', () => {
    const leader = varzOf('nats-0', 'nats-0', 3, ['nats-1', 'nats-2']);
    const group = findAgreedGroup([leader, varzOf('nats-1', 'nats-0', 3), varzOf('nats-3', 'nats-0', 4)]);
    expect(group).toEqual({ leader: 'nats-0', size: 3, members: new Set(['nats-0', 'nats-1', 'nats-2']) });
  });

  test('is unknown if members disagree about its size', () => {
    const leader = varzOf('nats-0', 'nats-0', 3, ['nats-1', 'nats-2']);
    expect(findAgreedGroup([leader, varzOf('nats-1', 'nats-0', 4)])).toBeUndefined();
  });

  test('is unknown if servers disagree about its size, and its leader does not list all members', () => {
    const leader = varzOf('nats-0', 'nats-0', 3, ['nats-1']);
    expect(findAgreedGroup([leader, varzOf('nats-1', 'nats-0', 3)])?.size).toBe(3);
    expect(findAgreedGroup([leader, varzOf('nats-2', 'nats-0', 4)])).toBeUndefined();
  });

  test('is unknown if no server belongs to it', () => {
    const leader = varzOf('nats-0', 'nats-0', 3, ['nats-1', 'nats-2']);
    expect(findAgreedGroup([varzOf('nats-9', 'nats-0', 3)], leader)).toBeUndefined();
  });

  test('is unknown if servers disagree', () => {
    expect(findAgreedGroup([])).toBeUndefined();
    expect(findAgreedGroup([varzOf('nats-0', 'nats-0', 3), varzOf('nats-1', 'nats-0', 4)])).toBeUndefined();
    expect(findAgreedGroup([varzOf('nats-0', 'nats-0', 3), { ...own, jetstream: undefined }])).toBeUndefined();
  });
});

describe('the streams of five servers that shrink to three', () => {
  const leader = varzOf('nats-0', 'nats-0', 5, others('nats-0', 5));
  const answersOf = (silent: readonly string[], off: readonly string[] = []) =>
    new Map(
      names(5).map((name) => {
        const varz = name === 'nats-0' ? leader : varzOf(name, 'nats-0', 5);
        const store = { isDisabled: off.includes(name), streams: off.includes(name) ? [] : [stream(`of-${name}`)] };
        return [name, silent.includes(name) ? undefined : { varz, store }];
      }),
    );

  test.each<[string, ReadonlyMap<string, ServerAnswer>, object]>([
    ['are known from all servers', answersOf([]), { kind: 'known', streams: { length: 5 } }],
    [
      'are known from enough servers',
      answersOf(['nats-2', 'nats-3', 'nats-4']),
      { kind: 'known', streams: { length: 2 } },
    ],
    ['are unknown with too few servers', answersOf(names(5).slice(1)), { kind: 'unknown', silent: names(5).slice(1) }],
    ['are unknown without any server', answersOf(names(5)), { kind: 'unknown', silent: [] }],
    ['are unknown with disabled JetStream', answersOf([], names(5)), { kind: 'unknown', silent: [] }],
  ])('%s', (_, servers, held) => {
    expect(collectStreams(servers, 3)).toMatchObject(held);
  });
});
