import { describe, expect, test } from '@jest/globals';
import { buildDeadlineError } from '../../../../src/commands/context/run-end.ts';
import { Waiting } from '../../../../src/commands/context/waiting.ts';
import { ActionError } from '../../../../src/errors/action-error.ts';
import type { MeshProblem } from '../../../../src/nats/mesh/observation.ts';

function problem(overrides: Partial<MeshProblem> = {}): MeshProblem {
  return { from: 'nats-0', to: undefined, reason: 'NotObserved', message: 'nats-0: scheduled', ...overrides };
}

const leaderless = problem({ reason: 'NoMetaLeader', message: 'nats-0: no JetStream meta leader yet' });
const pair = problem({ to: 'nats-1', reason: 'NoRoute', message: 'nats-0 → nats-1: no route' });

test('the time of a run is counted by its parts, in the order they began', () => {
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
  /** Shows one list of problems after the other, `stepMs` apart, first a minute before the deadline. */
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
    ['says a problem once', [[problem()], [problem()]], ['[1.0 s] nats-0: scheduled']],
    ['says when it changes', [[problem()], [running]], ['[1.0 s] nats-0: scheduled', '[2.0 s] nats-0: running']],
    ['says that a server came', [[problem()], []], ['[1.0 s] nats-0: scheduled', '[2.0 s] nats-0: runs this revision']],
    ['says that a pair came', [[pair], []], ['[1.0 s] nats-0 → nats-1: no route', '[2.0 s] nats-0 → nats-1: complete']],
    [
      'says that a server gave up its streams',
      [[moving], []],
      ['[1.0 s] nats-4: 2 streams to move away', '[2.0 s] nats-4: holds no stream any more'],
    ],
    ['says that a server went', [[leaving], []], ['[1.0 s] nats-4: is to go', '[2.0 s] nats-4: gone']],
    [
      'says a problem again that comes back',
      [[problem()], [], [problem()]],
      ['[1.0 s] nats-0: scheduled', '[2.0 s] nats-0: runs this revision', '[3.0 s] nats-0: scheduled'],
    ],
    [
      'says that JetStream came',
      [[leaderless], []],
      ['[1.0 s] nats-0: no JetStream meta leader yet', '[2.0 s] nats-0: JetStream complete'],
    ],
    [
      'says of a server without JetStream that it came once its JetStream had',
      [[leaderless], [problem()], []],
      [
        '[1.0 s] nats-0: no JetStream meta leader yet',
        '[2.0 s] nats-0: scheduled',
        '[3.0 s] nats-0: runs this revision',
      ],
    ],
    ['says nothing when nothing is missing', [[], []], []],
  ])('%s', (_, shows, lines) => {
    expect(linesOf(shows)).toEqual(lines);
  });

  test('has a heartbeat with what is missing and the time left, only after 15 s of silence', () => {
    const said = linesOf(
      Array.from({ length: 6 }, () => [problem(), pair]),
      5000,
    );
    expect(said).toHaveLength(3);
    expect(said[2]).toMatch(/^\[20\.0 s\] .* 40 s left.*nats-0: scheduled; nats-0 → nats-1: no route$/);
  });

  test('never tells of a negative time left', () => {
    expect(linesOf([[problem()], [problem()]], 90_000).at(-1)).toContain(' 0 s left');
  });

  test('has no heartbeat when nothing is missing', () => {
    expect(linesOf([[], []], 20_000)).toEqual([]);
  });
});

describe("the deadline's error", () => {
  const waiting = { movedMsAgo: () => 60_000 };
  const terms = { signal: AbortSignal.abort(new DOMException('', 'TimeoutError')), spec: { name: 'nats' }, waiting };

  test.each([
    [14_999, 'may help'],
    [15_000, 'does not help'],
  ])('whose last change was %d ms ago says that a longer timeout %s', (ms, text) => {
    const error = buildDeadlineError({ ...terms, waiting: { movedMsAgo: () => ms } }, [problem()], []);
    expect(error?.hint).toContain(text);
  });

  test.each<[string, MeshProblem[], MeshProblem[], object]>([
    [
      'lists every unready server, and no pair before all are there',
      [problem(), problem({ from: 'nats-2', message: 'nats-2: no pod yet' })],
      [pair],
      {
        code: 'WAIT_TIMEOUT',
        details: { problems: [{ object: 'Pod/nats-0', message: 'nats-0: scheduled' }, { object: 'Pod/nats-2' }] },
      },
    ],
    [
      'lists every missing pair when the servers are there',
      [],
      [pair, { ...pair, from: 'nats-1', to: 'nats-0', reason: 'OneSidedRoute' }],
      {
        code: 'MESH_INCOMPLETE',
        reason: 'NoRoute',
        details: { problems: [{ object: 'nats-0 → nats-1' }, { object: 'nats-1 → nats-0', reason: 'OneSidedRoute' }] },
      },
    ],
    [
      'lists the servers without a meta leader when all routes are there, and points to JetStream',
      [],
      [leaderless],
      {
        code: 'MESH_INCOMPLETE',
        reason: 'NoMetaLeader',
        hint: expect.stringContaining('JetStream'),
        details: { problems: [{ object: 'Pod/nats-0', reason: 'NoMetaLeader' }] },
      },
    ],
    ['never calls a mesh that nobody observed incomplete', [], [], { code: 'WAIT_TIMEOUT', details: { problems: [] } }],
    ['does not take a problem of one server for a missing pair', [], [problem()], { code: 'WAIT_TIMEOUT' }],
  ])('%s', (_, unready, mesh, expected) => {
    expect(buildDeadlineError(terms, unready, mesh)).toMatchObject(expected);
  });

  test('gives way to the cancellation that ended the wait', () => {
    const cancelled = new ActionError('CANCELLED', 'by SIGINT', { hint: '', details: { signal: 'SIGINT' } });
    expect(buildDeadlineError({ ...terms, signal: AbortSignal.abort(cancelled) }, [problem()], [])).toBeUndefined();
  });
});

describe('progress', () => {
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
    ['is a state that was not seen before', [[scheduled], [running]], 0],
    ['is a server that gets ready', [[scheduled], []], 0],
    ['is not the same state again', [[scheduled], [scheduled], [scheduled]], 2000],
    ['is not a server that goes to and fro', [[scheduled], [running], [scheduled], [running]], 2000],
    ['is not a server that is ready now and then', [[scheduled], [], [scheduled], []], 2000],
  ])('%s', (_, shows, ms) => {
    expect(movedAfter(shows)).toBe(ms);
  });
});
