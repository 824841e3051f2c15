import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ActionResult } from '../../support/action.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { completeMesh, errorTitle, readPodUids, readServerVariables, routesOf } from '../../support/live-cluster.ts';

/**
 * The limit for a cancellation. The runner kills a process that still runs 10 s after its first signal. The action
 * guarantees to end within half of this time.
 */
const CANCELLATION_MS = 5000;

/** A moment of a run: a line of its log, and the delay after it. */
type Moment = readonly [line: RegExp, afterMs: number];

type Inputs = Readonly<Record<string, string>>;

const FIRST_DEPLOY: readonly Moment[] = [
  [/^Kubernetes cluster /, 0],
  [/^issued: server certificate/, 0],
  [/^issued: server certificate/, 40],
  [/^applied: /, 0],
  [/: starting/, 300],
  [/: runs this revision/, 0],
];

const SCALE: readonly (readonly [from: string, to: string, ...Moment])[] = [
  ['1', '3', /^issued: /, 40],
  ['3', '4', /^applied: /, 0],
  ['4', '2', /^applied: /, 300],
  ['2', '4', /runs another configuration/, 0],
];

describe('deploy', () => {
  let deployment: TestDeployment;

  beforeAll(async () => {
    deployment = await makeDeployment('restart');
  });

  afterAll(async () => {
    await deployment.remove();
  });

  test('reports a complete mesh after a pod was deleted between two runs', async () => {
    await deployment.requireRun();
    const { core, name: namespace } = deployment.space;
    const before = await readPodUids(deployment.space);
    await core.deleteNamespacedPod({ name: 'nats-1', namespace });
    const again = await deployment.requireRun();
    expect(again.stdout).toContain('full mesh: 3 of 3 servers connected, 6 of 6 routes');
    expect(routesOf(again)).toEqual(completeMesh(3));
    const after = await readPodUids(deployment.space);
    expect(after['nats-1']).not.toBe(before['nats-1']);
    expect(after).toMatchObject({ 'nats-0': before['nats-0'], 'nats-2': before['nats-2'] });
  });

  describe('of a new NATS cluster', () => {
    test.each(FIRST_DEPLOY.map(([line, afterMs], index) => ({ line, afterMs, index })))(
      'is completed by the next run after a kill $afterMs ms after $line, and the run after that changes nothing',
      async ({ line, afterMs, index }) => {
        const inputs = { name: `killed-${index}`, replicas: '2' };
        expect((await interrupt(deployment, inputs, 'SIGKILL', [line, afterMs])).result.exitCode).toBe(137);
        await expectFinished(deployment, inputs, completeMesh(2, inputs.name));
      },
    );
  });

  describe('that scales', () => {
    beforeAll(async () => {
      await deployment.requireRun({ name: 'scaled', replicas: '1' });
    });

    // The order matters, because each case begins with the state that the previous one left.
    test.each(SCALE)('%s → %s, killed at %s + %d ms, is completed by the next run', async (from, to, line, afterMs) => {
      const name = 'scaled';
      expect((await deployment.requireRun({ name, replicas: from })).outputs).toMatchObject({ result: 'unchanged' });
      const before = await readPodUids(deployment.space);
      const killed = await interrupt(deployment, { name, replicas: to }, 'SIGKILL', [line, afterMs]);
      expect(killed.result.exitCode).toBe(137);
      await expectFinished(deployment, { name, replicas: to }, completeMesh(Number(to), name));
      const after = await readPodUids(deployment.space);
      const kept = Array.from({ length: Math.min(Number(from), Number(to)) }, (_, ordinal) => `${name}-${ordinal}`);
      expect(kept.map((pod) => after[pod])).toEqual(kept.map((pod) => before[pod]));
    });
  });

  // The action writes the Secrets of one wave at the same time, so any of them may be missing after a kill.
  test.each(['authorities', 'system', 'client'])(
    'is completed by the next run after a kill before Secret %s was written',
    async (kind) => {
      const inputs = { name: `no-${kind}`, replicas: '2' };
      await deployment.requireRun(inputs);
      const { core, name: namespace } = deployment.space;
      await deployment.apps.deleteNamespacedStatefulSet({ name: inputs.name, namespace });
      await core.deleteNamespacedSecret({ name: `${inputs.name}-${kind}`, namespace });
      await expectFinished(deployment, inputs, completeMesh(2, inputs.name));
    },
  );

  test('is completed by the next run after a kill between two servers of an upgrade', async () => {
    const old = { name: 'upgraded', replicas: '2', image: 'nats:2.14.9' };
    await deployment.requireRun(old);
    const inputs = { ...old, image: 'nats:2.15.2' };
    const killed = await interrupt(deployment, inputs, 'SIGKILL', [/^restarting upgraded-0 \(/, 0]);
    expect(killed.result.exitCode).toBe(137);
    await expectFinished(deployment, inputs, completeMesh(2, inputs.name));
    const releases = ['upgraded-0', 'upgraded-1'].map(async (pod) => await readServerVariables(deployment.space, pod));
    expect(await Promise.all(releases)).toMatchObject([{ version: '2.15.2' }, { version: '2.15.2' }]);
  });

  test.each([
    ['SIGINT', /^applied: /, 200],
    ['SIGTERM', /: runs this revision/, 0],
  ] as const)(
    'stops soon after %s, reports the cancellation, and is completed by the next run',
    async (signal, line, afterMs) => {
      const inputs = { name: signal.toLowerCase(), replicas: '2' };
      const { result, endedAfterMs } = await interrupt(deployment, inputs, signal, [line, afterMs]);
      expect([result.exitCode, result.outputs['result'], errorTitle(result)]).toEqual([1, 'cancelled', 'CANCELLED']);
      expect(endedAfterMs).toBeLessThan(CANCELLATION_MS);
      expect(result.summary).toContain('CANCELLED');
      await expectFinished(deployment, inputs, completeMesh(2, inputs.name));
    },
  );
});

type Interrupted = { readonly result: ActionResult; readonly endedAfterMs: number };

/** Sends the signal at that moment of the run. */
async function interrupt(
  deployment: TestDeployment,
  inputs: Inputs,
  signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL',
  [line, afterMs]: Moment,
): Promise<Interrupted> {
  const controller = new AbortController();
  let sentAt: number | undefined;
  const send = async (): Promise<void> => {
    await delay(afterMs);
    sentAt ??= performance.now();
    controller.abort(signal);
  };
  const onLine = (text: string): void => {
    if (line.test(text)) {
      void send();
    }
  };
  const result = await deployment.run(inputs, { onLine, signal: controller.signal });
  if (sentAt === undefined) {
    throw new Error(`the run ended before ${line}:\n${result.stdout}`);
  }
  return { result, endedAfterMs: performance.now() - sentAt };
}

async function expectFinished(deployment: TestDeployment, inputs: Inputs, mesh: unknown): Promise<void> {
  const finished = await deployment.requireRun(inputs);
  expect(routesOf(finished)).toEqual(mesh);
  expect((await deployment.requireRun(inputs)).outputs).toMatchObject({ result: 'unchanged', changed: 'false' });
}
