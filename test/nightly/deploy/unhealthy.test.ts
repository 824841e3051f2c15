import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { recordCase } from '../../faults/cases.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { eventually } from '../../support/eventually.ts';
import { errorTitle } from '../../support/live-cluster.ts';
import { makeTestStorage, type TestStorage } from '../../support/storage.ts';
import { openStreamClient } from '../../support/stream-client.ts';

/** The folder of the streams of account `$G` below the volume. */
const STREAMS = join('jetstream', 'jetstream', '$G', 'streams');

describe('a stream with damaged files', () => {
  let deployment: TestDeployment;
  let storage: TestStorage;
  let inputs: Readonly<Record<string, string>>;

  beforeAll(async () => {
    deployment = await makeDeployment('damaged');
    storage = await makeTestStorage(deployment.space);
    inputs = {
      replicas: '1',
      jetstream: 'true',
      'jetstream-storage': '100Mi',
      'jetstream-storage-class': storage.className,
    };
    await deployment.requireRun(inputs);
    const client = await openStreamClient(deployment.space, 'nats-0');
    for (const name of ['X', 'Y']) {
      const config = { name, subjects: [`${name}.>`], storage: 'file', num_replicas: 1 };
      expect(await client.ask(`STREAM.CREATE.${name}`, config)).not.toHaveProperty('error');
    }
    await client.close();
    await damage(deployment, 'X');
  });

  afterAll(async () => {
    await storage.remove();
    await deployment.remove();
  });

  test.each(['verify', 'deploy'])(
    'fails `%s` long before its deadline, with the names of account and stream',
    async (command) => {
      const began = performance.now();
      const result = await deployment.run({ ...(command === 'verify' ? {} : inputs), command });
      expect(result.exitCode).toBe(1);
      expect(errorTitle(result)).toBe('ROLLOUT_STALLED (StreamNotRecovered)');
      expect(result.stdout).toMatch(/stream '\$G > X' could not be recovered/);
      expect(result.stdout).toContain('jetstream/$G/streams/X');
      expect(result.stdout).not.toMatch(/longer `?timeout/);
      expect(performance.now() - began).toBeLessThan(60_000); // The deadline is 3 min.
      const title = `10: a stream cannot be recovered; ${command}`;
      await recordCase({ slug: `10-stream-${command}`, title }, result, deployment);
    },
  );
});

/** Makes one stream unreadable, like a damaged volume, and lets the server start again with it. */
async function damage({ space: { core, name: namespace } }: TestDeployment, stream: string): Promise<void> {
  const claim = await core.readNamespacedPersistentVolumeClaim({ name: 'jetstream-nats-0', namespace });
  const volume = await core.readPersistentVolume({ name: claim.spec?.volumeName ?? '' });
  const file = join(volume.spec?.local?.path ?? '', STREAMS, stream, 'meta.inf');
  const before = await core.readNamespacedPod({ name: 'nats-0', namespace });
  await core.deleteNamespacedPod({ name: 'nats-0', namespace });
  await writeFile(file, 'not json', { flag: 'r+' });
  await eventually('the server started again', 60, async () => {
    const pod = await core.readNamespacedPod({ name: 'nats-0', namespace }).catch(() => undefined);
    const isOther = pod?.metadata?.uid !== before.metadata?.uid;
    return (isOther && pod?.status?.phase === 'Running') || undefined;
  });
}
