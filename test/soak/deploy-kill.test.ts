import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeDeployment, type TestDeployment } from '../support/deployment.ts';
import { dropLock, kubeconfigAt } from '../support/interrupted-rotation.ts';
import { completeMesh, routesOf } from '../support/live-cluster.ts';
import { startWritePoint } from '../support/write-point.ts';

type Texts = Readonly<Record<string, string>>;

/** `SOAK_CASES` limits the number of write points. */
const CASES = Number(process.env['SOAK_CASES'] ?? 200);
const LIMIT_MS = 60 * 60_000;
const PAIR = { replicas: '2', 'anti-affinity': 'preferred' } as const;

type Killed = { readonly exitCode: number; readonly writes: readonly string[] };

/** Kills the run as soon as its n-th write is in the cluster. */
async function killedAfter(last: number, deployment: TestDeployment, inputs: Texts): Promise<Killed> {
  const killer = new AbortController();
  const point = await startWritePoint(deployment.space, { last, pick: () => 0, onLast: () => killer.abort('SIGKILL') });
  try {
    const through = { ...inputs, kubeconfig: kubeconfigAt(deployment, point.url) };
    const { exitCode } = await deployment.run(through, { signal: killer.signal });
    return { exitCode, writes: point.writes };
  } finally {
    await point.close();
  }
}

async function expectWhole(deployment: TestDeployment, inputs: Texts): Promise<void> {
  await dropLock(deployment.space);
  expect(routesOf(await deployment.requireRun(inputs))).toEqual(completeMesh(2));
  expect((await deployment.requireRun(inputs)).outputs).toMatchObject({ result: 'unchanged', changed: 'false' });
  expect((await deployment.requireRun({ command: 'verify' })).outputs).toMatchObject({ result: 'verified' });
}

/** Kills one run after the other, each one write later, until a run ends by itself. */
async function killAfterEachWrite(
  play: (number: number) => Promise<{ readonly killed: Killed; readonly whole: () => Promise<void> }>,
): Promise<void> {
  for (let number = 1; number <= CASES; number++) {
    const { killed, whole } = await play(number);
    const { exitCode, writes } = killed;
    expect([0, 137]).toContain(exitCode);
    process.stdout.write(
      `${exitCode === 0 ? 'ended by itself after' : 'killed after'} write ${writes.length} ${writes.at(-1) ?? ''}\n`,
    );
    await whole();
    if (exitCode === 0) return;
  }
}

test(
  'the next run completes a first deploy that was killed after any single write',
  async () => {
    await killAfterEachWrite(async (number) => {
      const deployment = await makeDeployment('first');
      const killed = await killedAfter(number, deployment, PAIR);
      const whole = async (): Promise<void> => {
        await expectWhole(deployment, PAIR);
        await deployment.remove();
      };
      return { killed, whole };
    });
  },
  LIMIT_MS,
);

describe('a rolling change', () => {
  let deployment: TestDeployment;

  beforeAll(async () => {
    deployment = await makeDeployment('rolled');
    await deployment.requireRun(PAIR);
  });

  afterAll(async () => {
    await deployment.remove();
  });

  test(
    'is completed by the next run after a kill after any single write',
    async () => {
      await killAfterEachWrite(async (number) => {
        // The configuration is different each time, so that it has a new version.
        const cpu = `${10 + number}m`;
        const inputs = {
          ...PAIR,
          resources: `{requests: {cpu: ${cpu}, memory: 64Mi}}`,
          config: `max_subscriptions: ${1000 + number}`,
        };
        const killed = await killedAfter(number, deployment, inputs);
        return { killed, whole: async () => await expectWhole(deployment, inputs) };
      });
    },
    LIMIT_MS,
  );
});
