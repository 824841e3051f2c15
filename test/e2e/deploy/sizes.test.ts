import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { expectFailure, expectNoSecret } from '../../support/failure.ts';

/** Builds a configuration that is stored in about `bytes` bytes, because JSON writes a tab in two characters. */
const configurationOf = (bytes: number, most: number): string =>
  `max_subscriptions: ${most} #${'\t'.repeat(bytes / 2)}\nping_max: 3\n`;

const ONE = { replicas: '1', 'anti-affinity': 'none', 'config-file': 'nats.conf', users: '{path: users.yaml}' };
const PASSWORD = 'canary-in-a-file';

describe('a large configuration', () => {
  let deployment: TestDeployment;
  let workspace = '';

  beforeAll(async () => {
    deployment = await makeDeployment('sizes');
    workspace = await mkdtemp(join(tmpdir(), 'sizes-'));
  });

  afterAll(async () => {
    await deployment.remove();
    await rm(workspace, { recursive: true, force: true });
  });

  const run = async (bytes: number, most: number, inputs: Readonly<Record<string, string>> = {}) => {
    await writeFile(join(workspace, 'nats.conf'), configurationOf(bytes, most));
    const permissions = { publish: Array.from({ length: 800 }, (_, index) => `orders.${'x'.repeat(200)}.${index}`) };
    await writeFile(join(workspace, 'users.yaml'), JSON.stringify([{ user: 'till', password: PASSWORD, permissions }]));
    const result = await deployment.run({ ...ONE, ...inputs }, { env: { GITHUB_WORKSPACE: workspace } });
    expectNoSecret(result, [PASSWORD]);
    return result;
  };

  test.each(['plan', 'deploy'])(
    'is refused by %s before anything is written if a Secret cannot hold it',
    async (command) => {
      const refused = await run(1_100_000, 1000, { command });
      expect(expectFailure(refused).title).toBe('INPUT_INVALID');
      expect(refused.stdout).toMatch(
        /config-file: Secret `nats-system` would hold \d{7} bytes, expected at most 1048576/,
      );
      const { core, name: namespace } = deployment.space;
      const [secrets, services] = await Promise.all([
        core.listNamespacedSecret({ namespace, labelSelector: 'app.kubernetes.io/instance=nats' }),
        core.listNamespacedService({ namespace }),
      ]);
      expect([...secrets.items, ...services.items]).toEqual([]);
    },
  );

  test('is deployed if it fits, without a copy for a rollback', async () => {
    expect((await run(600_000, 1000)).outputs).toMatchObject({ result: 'deployed' });
    const rolled = await run(600_000, 2000, { 'rollback-on-failure': 'true' });
    expect(expectFailure(rolled).title).toBe('INPUT_INVALID');
    const changed = await run(600_000, 2000);
    expect(changed.outputs).toMatchObject({ result: 'deployed' });
    expect(changed.stdout).toContain('the previous one is not kept for a rollback');
  });
});
