import { describe, expect, test } from '@jest/globals';
import { buildDeadlineError } from '../../../../src/commands/context/deadline-error.ts';
import { Waiting } from '../../../../src/commands/context/waiting.ts';
import { ActionError } from '../../../../src/errors/action-error.ts';
import type { MeshProblem } from '../../../../src/nats/mesh/observation.ts';

function problem(overrides: Partial<MeshProblem> = {}): MeshProblem {
  return { from: 'nats-0', to: undefined, reason: 'NotObserved', message: 'nats-0: scheduled', ...overrides };
}

const leaderless = problem({ reason: 'NoMetaLeader', message: 'nats-0: no JetStream meta leader yet' });
const pair = problem({ to: 'nats-1', reason: 'NoRoute', message: 'nats-0 → nats-1: no route' });

test('the duration of a run is listed by parts, in the order in which they began', () => {
  let now = 5000;
  const waiting = new Waiting({ info: () => {}, section: () => {} }, () => now, now + 60_000);
  for (const [stage, ms] of [
    ['apply', 100],
    ['wait', 20],
    ['apply', 3000],
  ] as const) {
    now += ms;
    waiting.enter(stage);
  }
  now += 500;
  expect(waiting.phases()).toEqual([
    { name: 'preflight', ms: 100 },
    { name: 'apply', ms: 520 },
    { name: 'wait for the servers', ms: 3000 },
  ]);
});

describe('the log of a wait', () => {
  /** Shows one list of problems every `stepMs`. The first one comes a minute before the deadline. */
  function linesOf(shows: readonly (readonly MeshProblem[])[], stepMs = 1000): readonly string[] {
    const lines: string[] = [];
    let now = 5000;
    const waiting = new Waiting({ info: (line) => lines.push(line), section: () => {} }, () => now, now + 60_000);
    for (const problems of shows) {
      now += stepMs;
      waiting.show(problems);
    }
    return lines;
  }

  const running = problem({ message: 'nats-0: running' });
  const leaving = problem({ from: 'nats-4', reason: 'UnexpectedServer', message: 'nats-4: is to go' });

  const moving = problem({ from: 'nats-4', reason: 'StreamsToMove', message: 'nats-4: 2 streams to move away' });

  test.each<[string, (readonly MeshProblem[])[], string[]]>([
    ['prints a problem once', [[problem()], [problem()]], ['[1.0 s] nats-0: scheduled']],
    ['prints a changed problem', [[problem()], [running]], ['[1.0 s] nats-0: scheduled', '[2.0 s] nats-0: running']],
    [
      'prints that a server joined',
      [[problem()], []],
      ['[1.0 s] nats-0: scheduled', '[2.0 s] nats-0: runs this revision'],
    ],
    [
      'prints that a pair has its routes',
      [[pair], []],
      ['[1.0 s] nats-0 → nats-1: no route', '[2.0 s] nats-0 → nats-1: complete'],
    ],
    [
      'prints that a server transferred its streams',
      [[moving], []],
      ['[1.0 s] nats-4: 2 streams to move away', '[2.0 s] nats-4: holds no stream any more'],
    ],
    ['prints that a server left', [[leaving], []], ['[1.0 s] nats-4: is to go', '[2.0 s] nats-4: deleted']],
    [
      'prints a problem that comes back again',
      [[problem()], [], [problem()]],
      ['[1.0 s] nats-0: scheduled', '[2.0 s] nats-0: runs this revision', '[3.0 s] nats-0: scheduled'],
    ],
    [
      'prints that JetStream is available',
      [[leaderless], []],
      ['[1.0 s] nats-0: no JetStream meta leader yet', '[2.0 s] nats-0: JetStream complete'],
    ],
    [
      'prints that a server without JetStream joined only once its JetStream is available',
      [[leaderless], [problem()], []],
      [
        '[1.0 s] nats-0: no JetStream meta leader yet',
        '[2.0 s] nats-0: scheduled',
        '[3.0 s] nats-0: runs this revision',
      ],
    ],
    ['prints nothing when nothing is missing', [[], []], []],
  ])('%s', (_, shows, lines) => {
    expect(linesOf(shows)).toEqual(lines);
  });

  test('prints a heartbeat with the missing parts and the time left after 15 s of silence', () => {
    const lines = linesOf(
      Array.from({ length: 6 }, () => [problem(), pair]),
      5000,
    );
    expect(lines).toHaveLength(3);
    expect(lines[2]).toMatch(/^\[20\.0 s\] .* 40 s left.*nats-0: scheduled; nats-0 → nats-1: no route$/);
  });

  test('never prints a negative time left', () => {
    expect(linesOf([[problem()], [problem()]], 90_000).at(-1)).toContain(' 0 s left');
  });

  test('prints no heartbeat when nothing is missing', () => {
    expect(linesOf([[], []], 20_000)).toEqual([]);
  });
});

describe('the error at the deadline', () => {
  const waiting = { movedMsAgo: () => 60_000 };
  const terms = { signal: AbortSignal.abort(new DOMException('', 'TimeoutError')), spec: { name: 'nats' }, waiting };

  test.each([
    [14_999, 'may help'],
    [15_000, 'does not help'],
  ])('says after a last change %d ms ago that a longer timeout %s', (ms, text) => {
    const error = buildDeadlineError({ ...terms, waiting: { movedMsAgo: () => ms } }, [problem()], []);
    expect(error?.hint).toContain(text);
  });

  test.each<[string, MeshProblem[], MeshProblem[], object]>([
    [
      'lists every unready server, and no pair before all servers are ready',
      [problem(), problem({ from: 'nats-2', message: 'nats-2: no pod yet' })],
      [pair],
      {
        code: 'WAIT_TIMEOUT',
        details: { problems: [{ object: 'Pod/nats-0', message: 'nats-0: scheduled' }, { object: 'Pod/nats-2' }] },
      },
    ],
    [
      'lists every missing pair when all servers are ready',
      [],
      [pair, { ...pair, from: 'nats-1', to: 'nats-0', reason: 'OneSidedRoute' }],
      {
        code: 'MESH_INCOMPLETE',
        reason: 'NoRoute',
        details: { problems: [{ object: 'nats-0 → nats-1' }, { object: 'nats-1 → nats-0', reason: 'OneSidedRoute' }] },
      },
    ],
    [
      'lists the servers without a meta leader when all routes exist, and points to JetStream',
      [],
      [leaderless],
      {
        code: 'MESH_INCOMPLETE',
        reason: 'NoMetaLeader',
        hint: expect.stringContaining('JetStream'),
        details: { problems: [{ object: 'Pod/nats-0', reason: 'NoMetaLeader' }] },
      },
    ],
    [
      'points to deploy when JetStream only lacks a server, because waiting repairs none',
      [],
      [problem({ reason: 'OutsideMetaGroup', message: 'nats-0: is connected, but …' })],
      {
        code: 'MESH_INCOMPLETE',
        reason: 'OutsideMetaGroup',
        hint: expect.stringContaining('Run `command: deploy` with the inputs of the last deployment'),
      },
    ],
    [
      'names the JetStream group if the servers that it works without are the only unready ones',
      [problem()],
      [problem({ reason: 'OutsideMetaGroup', message: 'nats-0: is connected, but …' })],
      { code: 'MESH_INCOMPLETE', reason: 'OutsideMetaGroup', details: { problems: [{ object: 'Pod/nats-0' }] } },
    ],
    [
      'lists an unready server that belongs to the JetStream group, before one that does not',
      [problem(), problem({ from: 'nats-2', message: 'nats-2: no pod yet' })],
      [problem({ reason: 'OutsideMetaGroup', message: 'nats-0: is connected, but …' })],
      { code: 'WAIT_TIMEOUT', details: { problems: [{ object: 'Pod/nats-2' }] } },
    ],
    [
      'does not call a mesh incomplete that was never observed',
      [],
      [],
      { code: 'WAIT_TIMEOUT', details: { problems: [] } },
    ],
    ['does not take a problem of one server for a missing pair', [], [problem()], { code: 'WAIT_TIMEOUT' }],
  ])('%s', (_, unready, mesh, expected) => {
    expect(buildDeadlineError(terms, unready, mesh)).toMatchObject(expected);
  });

  test('is replaced by the cancellation that ended the wait', () => {
    const cancelled = new ActionError('CANCELLED', 'by SIGINT', { hint: '', details: { signal: 'SIGINT' } });
    expect(buildDeadlineError({ ...terms, signal: AbortSignal.abort(cancelled) }, [problem()], [])).toBeUndefined();
  });
});

describe('the progress of a wait', () => {
  const movedAfter = (shows: readonly (readonly MeshProblem[])[]): number => {
    let now = 0;
    const waiting = new Waiting({ info: () => {}, section: () => {} }, () => now, 600_000);
    for (const problems of shows) {
      now += 1000;
      waiting.show(problems);
    }
    return waiting.movedMsAgo();
  };
  const [scheduled, running] = [problem(), problem({ message: 'nats-0: running' })];

  test.each<[string, (readonly MeshProblem[])[], number]>([
    ['counts a state that was not seen before', [[scheduled], [running]], 0],
    ['counts a server that becomes ready', [[scheduled], []], 0],
    ['does not count the same state again', [[scheduled], [scheduled], [scheduled]], 2000],
    [
      'does not count a server that alternates between two states',
      [[scheduled], [running], [scheduled], [running]],
      2000,
    ],
    ['does not count a server that is ready now and then', [[scheduled], [], [scheduled], []], 2000],
  ])('%s', (_, shows, ms) => {
    expect(movedAfter(shows)).toBe(ms);
  });
});
