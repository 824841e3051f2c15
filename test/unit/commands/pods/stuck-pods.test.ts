import { describe, expect, test } from '@jest/globals';
import { type StuckPodOptions, StuckPods } from '../../../../src/commands/pods/stuck-pods.ts';
import type { MeshProblem } from '../../../../src/nats/mesh/observation.ts';
import type { Pod } from '../../../../src/objects/pod.ts';
import { container } from '../../support/facts.ts';
import { pod } from '../../support/pods.ts';

const ended = { kind: 'terminated', reason: 'Error', message: '', exitCode: 1 } as const;
const crashing = { containers: [container({ restartCount: 1, state: ended, lastState: ended })] };
const onItsWay = pod({ containers: [container({ restartCount: 1, lastState: ended })] });
const failed = pod(crashing);

const NEW = 'new';

type Round = readonly [atMs: number, pods: readonly Pod[], problems?: readonly MeshProblem[]];

/** Returns the replaced pods of each round, and the verdict of the last round. */
async function playRounds(rounds: readonly Round[], overrides: Partial<StuckPodOptions> = {}) {
  let at = 0;
  const replaced: string[] = [];
  const stuckPods = new StuckPods({
    before: [],
    isOutdated: ({ controllerRevision }) => controllerRevision !== NEW,
    isVerified: () => true,
    shouldJudgeOutdated: false,
    findBlocking: () => undefined,
    replace: async (pods) => {
      replaced.push(...pods.map(({ name }) => `${name} at ${at}`));
      return pods.map(({ uid }) => uid);
    },
    readProgress: async () => '',
    now: () => at,
    ...overrides,
  });
  let left: readonly Pod[] = [];
  for (const [atMs, pods, problems = [unready('nats-0')]] of rounds) {
    at = atMs;
    left = await stuckPods.replaceStuck(pods, problems);
  }
  return { replaced, judged: left.map(({ name }) => name) };
}

function unready(from: string): MeshProblem {
  return { from, to: undefined, reason: 'NotObserved', message: `${from}: running, not Ready yet` };
}

function outside(from: string): MeshProblem {
  return { from, to: undefined, reason: 'OutsideMetaGroup', message: `${from}: stands outside` };
}

function missing(from: string, to: string): MeshProblem {
  return { from, to, reason: 'NoRoute', message: `${from} → ${to}: no route` };
}

const server = (ordinal: number, overrides: Partial<Pod> = {}): Pod =>
  pod({ name: `nats-${ordinal}`, uid: `u${ordinal}`, controllerRevision: 'old', ready: true, ...overrides });

const starting = (reason: string) => ({
  ready: false,
  containers: [container({ state: { kind: 'waiting', reason, message: '' } })],
});

describe('a stuck pod of the current template', () => {
  const own = { isOutdated: () => false };

  test('is replaced once when it fails, if it was starting before this run', async () => {
    const terms = { ...own, before: [onItsWay] };
    expect(await playRounds([[0, [onItsWay]]], terms)).toEqual({ replaced: [], judged: ['nats-1'] });
    expect(await playRounds([[0, [failed]]], terms)).toEqual({ replaced: ['nats-1 at 0'], judged: [] });
    const twice: readonly Round[] = [
      [0, [failed]],
      [1, [failed]],
    ];
    expect(await playRounds(twice, terms)).toEqual({ replaced: ['nats-1 at 0'], judged: [] });
  });

  test.each([
    ['if it was created later', [], failed],
    ['if it has another uid', [{ ...onItsWay, uid: 'v' }], failed],
    ['if it was Ready before', [{ ...onItsWay, ready: true }], failed],
    ['if it is terminating', [onItsWay], { ...failed, terminating: true }],
  ])('is diagnosed and never replaced %s', async (_, before, now) => {
    expect(await playRounds([[0, [now]]], { ...own, before })).toEqual({ replaced: [], judged: ['nats-1'] });
  });

  test('is not replaced for being unready for long', async () => {
    const pods = [server(1, { ready: false, controllerRevision: NEW })];
    const rounds = [0, 10_000, 20_000, 60_000].map((at): Round => [at, pods]);
    expect(await playRounds(rounds)).toEqual({ replaced: [], judged: ['nats-1'] });
  });
});

describe('a stuck pod of an outdated template', () => {
  test('is not replaced after its creation while its state changes', async () => {
    const rounds: readonly Round[] = [
      [0, [server(0, { ready: false, containers: [] })]],
      [9000, [server(0, starting('ContainerCreating'))]],
      [18_000, [server(0, { ready: false })]],
      [32_000, [server(0, { ready: false })]],
      [32_500, [server(0)]],
    ];
    expect(await playRounds(rounds)).toEqual({ replaced: [], judged: [] });
  });

  test('is not replaced while its server catches up', async () => {
    let messages = 0;
    const progressOf = async (): Promise<string> => String(messages++);
    const rounds = Array.from({ length: 60 }, (_, at): Round => [at * 1000, [server(0, { ready: false })]]);
    expect((await playRounds(rounds, { readProgress: progressOf })).replaced).toEqual([]);
  });

  test('is replaced alone when its state has not changed for 15 s', async () => {
    const pods = [server(0, { ready: false }), server(1), server(2)];
    const rounds = [0, 14_999, 15_000, 15_200].map((at): Round => [at, pods]);
    expect((await playRounds(rounds)).replaced).toEqual(['nats-0 at 15000']);
  });

  test('is replaced after 3 s if an earlier failed change left it', async () => {
    const rounds = [0, 2999, 3000].map((at): Round => [at, [server(0, { ready: false })]]);
    expect((await playRounds(rounds, { isVerified: () => false })).replaced).toEqual(['nats-0 at 3000']);
  });

  test('is replaced at once when it crashes, and when unschedulable as soon as that is certain', async () => {
    expect((await playRounds([[0, [server(0, { ready: false, ...crashing })]]])).replaced).toEqual(['nats-0 at 0']);
    const message = '0/3 nodes are available: 3 Insufficient cpu.';
    const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }];
    const rounds = [0, 1000, 2000].map((at): Round => [at, [server(0, { ready: false, containers: [], conditions })]]);
    expect((await playRounds(rounds)).replaced).toEqual(['nats-0 at 2000']);
  });

  test('is tried again if it was not deleted, without an error until then', async () => {
    const tried: string[] = [];
    const replace = async (pods: readonly Pod[]): Promise<readonly string[]> => {
      tried.push(...pods.map(({ name }) => name));
      return [];
    };
    const pods = [server(0, { ready: false, ...crashing })];
    const rounds: readonly Round[] = [
      [0, pods],
      [1, pods],
    ];
    expect((await playRounds(rounds, { replace, before: pods, isOutdated: () => false })).judged).toEqual([]);
    expect(tried).toEqual(['nats-0', 'nats-0']);
  });
});

test('a pod that blocks the creation of others is deleted after 3 s, even if it is Ready', async () => {
  const [pods, problems] = [[server(0)], [unready('nats-1'), unready('nats-2')]];
  const rounds = [0, 2999, 3000].map((at): Round => [at, pods, problems]);
  expect((await playRounds(rounds, { findBlocking: () => pods[0] })).replaced).toEqual(['nats-0 at 3000']);
});

describe('a Ready server of an outdated template', () => {
  const pods = [server(0), server(1), server(2)];
  const at = [0, 14_000, 15_000];
  const rounds = (all: readonly Pod[], problems: readonly MeshProblem[]): readonly Round[] =>
    at.map((ms) => [ms, all, problems]);

  test.each<readonly [string, readonly Pod[], readonly MeshProblem[], readonly string[]]>([
    ['is replaced if it is the only problem', pods, [unready('nats-1')], ['nats-1 at 15000']],
    ['is replaced if it is one end of every missing route', pods, [missing('nats-0', 'nats-1')], ['nats-1 at 15000']],
    ['is replaced if it is outside of the meta group', pods, [outside('nats-1')], ['nats-1 at 15000']],
    [
      'is replaced first if several are outside of the meta group and it is the highest',
      pods,
      [outside('nats-0'), outside('nats-1')],
      ['nats-1 at 15000'],
    ],
    ['stays while another server is missing', pods, [outside('nats-1'), unready('nats-0')], []],
    ['stays if a server of the current template is outside of the meta group', pods, [outside('nats-3')], []],
    ['stays if another server is unhealthy', pods, [unready('nats-0'), unready('nats-1')], []],
    [
      'is replaced first if all servers are unhealthy and it is the highest',
      pods,
      [unready('nats-0'), unready('nats-1'), unready('nats-2')],
      ['nats-2 at 15000'],
    ],
    [
      'stays if a server of the current template is unhealthy too',
      [server(0), server(1), server(2, { controllerRevision: NEW })],
      [unready('nats-0'), unready('nats-1'), unready('nats-2')],
      [],
    ],
    ['stays if its template is current after all', [server(1, { controllerRevision: NEW })], [unready('nats-1')], []],
  ])('%s', async (_, all, problems, replaced) => {
    expect((await playRounds(rounds(all, problems))).replaced).toEqual(replaced);
  });

  test('is checked only once a server of the current template exists', async () => {
    expect((await playRounds([[0, pods]])).judged).toEqual([]);
    expect((await playRounds([[0, pods]], { shouldJudgeOutdated: true })).judged).toEqual([
      'nats-0',
      'nats-1',
      'nats-2',
    ]);
  });
});
