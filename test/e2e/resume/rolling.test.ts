import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { eventually } from '../../support/eventually.ts';
import { completeMesh, readPodUids, routesOf } from '../../support/live-cluster.ts';

const withCpu = (cpu: string) => ({ resources: `{requests: {cpu: ${cpu}, memory: 64Mi}}` });

describe('a rolling restart that is cancelled after two of three servers', () => {
  let deployment: TestDeployment;

  beforeAll(async () => {
    deployment = await makeDeployment('rolling');
    await deployment.requireRun(withCpu('40m'));
  });

  afterAll(async () => {
    await deployment.remove();
  });

  async function cancelled(cpu: string): Promise<void> {
    const cancel = new AbortController();
    let isReplacing = false;
    const { exitCode, outputs } = await deployment.run(withCpu(cpu), {
      signal: cancel.signal,
      onLine: (line) => {
        isReplacing ||= line.startsWith('restarting nats-1 (');
        if (isReplacing && /\] nats-1: /.test(line)) cancel.abort('SIGTERM');
      },
    });
    expect({ exitCode, result: outputs['result'] }).toEqual({ exitCode: 1, result: 'cancelled' });
  }

  /** Waits for the replaced pod, because the run may be cancelled while the previous pod still ends. */
  async function serverHas(server: string, cpu: string): Promise<void> {
    const { core, name: namespace } = deployment.space;
    await eventually(`${server} with ${cpu}`, 60, async () => {
      const { items } = await core.listNamespacedPod({ namespace });
      const pod = items.find(({ metadata }) => metadata?.name === server && metadata.deletionTimestamp === undefined);
      return pod?.spec?.containers.some(({ resources }) => resources?.requests?.['cpu'] === cpu) || undefined;
    });
  }

  test('is completed by the same deploy, which replaces the last server', async () => {
    await cancelled('41m');
    const result = await deployment.requireRun(withCpu('41m'));
    expect(routesOf(result)).toEqual(completeMesh(3));
  });

  test('is reverted by the earlier deploy, one server at a time', async () => {
    await cancelled('42m');
    await serverHas('nats-1', '42m');
    const before = await readPodUids(deployment.space);
    const result = await deployment.requireRun(withCpu('41m'));
    expect(routesOf(result)).toEqual(completeMesh(3));
    expect(result.stdout.match(/^restarting nats-\d \(.*\)$/gm)).toEqual([
      'restarting nats-2 (1 of 2)',
      'restarting nats-1 (2 of 2)',
    ]);
    // The change had not reached this server.
    expect(await readPodUids(deployment.space)).toMatchObject({ 'nats-0': before['nats-0'] });
  });

  test('is reverted also if another server gets the new revision meanwhile', async () => {
    const { core, name: namespace } = deployment.space;
    const server = { name: 'nats-1', namespace };
    const hold = async (finalizers: readonly string[]): Promise<void> => {
      await core.patchNamespacedPod({
        ...server,
        body: [{ op: 'add', path: '/metadata/finalizers', value: finalizers }],
      });
    };
    const { metadata: before } = await core.readNamespacedPod(server);
    await hold(['test.example/held']);
    await cancelled('42m');

    let pid = 0;
    let returned: Promise<void> | undefined;
    const { exitCode, stdout } = await deployment.run(withCpu('41m'), {
      onStart: (started) => {
        pid = started;
      },
      // The run has read the present state, and applied nothing.
      onLine: (line) => {
        if (line.startsWith('::add-mask::')) returned ??= returns();
      },
    });
    await returned;
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 });

    async function returns(): Promise<void> {
      process.kill(pid, 'SIGSTOP');
      try {
        await hold([]);
        await eventually('nats-1', 60, async () => {
          const { items } = await core.listNamespacedPod({ namespace });
          return items.find(({ metadata }) => metadata?.name === 'nats-1' && metadata.uid !== before?.uid);
        });
      } finally {
        process.kill(pid, 'SIGCONT');
      }
    }
  });
});
