import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { completeMesh, readServerVariables, routesOf } from '../../support/live-cluster.ts';

const [OLD, NEW] = ['2.12.15', '2.15.2'];
const PODS = ['nats-2', 'nats-1', 'nats-0'] as const;

describe('a rolling upgrade that was killed at', () => {
  let deployment: TestDeployment;

  beforeAll(async () => {
    deployment = await makeDeployment('killed');
    await deployment.requireRun({ image: `nats:${OLD}` });
  });

  afterAll(async () => {
    await deployment.remove();
  });

  test.each(PODS)('%s is completed by the next run, and reverted by a run with the earlier release', async (pod) => {
    await killedAt(pod, NEW);
    expect(routesOf(await deployment.requireRun({ image: `nats:${NEW}` }))).toEqual(completeMesh(3));
    expect(await releases()).toEqual([NEW, NEW, NEW]);

    const before = await updateRevision();
    await killedAt(pod, OLD);
    expect(routesOf(await deployment.requireRun({ image: `nats:${NEW}` }))).toEqual(completeMesh(3));
    expect(await releases()).toEqual([NEW, NEW, NEW]);
    expect(await updateRevision()).toBe(before);
    const verified = await deployment.requireRun({ command: 'verify' });
    expect(verified.outputs).toMatchObject({ result: 'verified' });

    await deployment.requireRun({ image: `nats:${OLD}` });
  });

  async function killedAt(pod: string, release: string): Promise<void> {
    const killing = new AbortController();
    let isReplacing = false;
    const onLine = (line: string): void => {
      isReplacing ||= line.startsWith(`restarting ${pod} (`);
      if (isReplacing && line.endsWith(`] ${pod}: runs this revision`)) killing.abort('SIGKILL');
    };
    const { exitCode } = await deployment.run({ image: `nats:${release}` }, { signal: killing.signal, onLine });
    expect(exitCode).toBe(137);
  }

  async function releases(): Promise<readonly unknown[]> {
    return await Promise.all(PODS.map(async (pod) => (await readServerVariables(deployment.space, pod))['version']));
  }

  async function updateRevision(): Promise<string | undefined> {
    const { status } = await deployment.apps.readNamespacedStatefulSet({
      name: 'nats',
      namespace: deployment.space.name,
    });
    return status?.updateRevision;
  }
});
