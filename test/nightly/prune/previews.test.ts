import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { derivePreviewName } from '../../../src/cluster/preview.ts';
import { selectDeletePermissions } from '../../../src/manifests/permissions.ts';
import { makeAccount } from '../../support/account.ts';
import type { ActionResult } from '../../support/action.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { readObjectVersions } from '../../support/objects.ts';
import { putBystanders, readExpiries, SMALL } from '../../support/previews.ts';

const AT_ONCE = 4;
const branches = (purpose: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${purpose}/Branch#${index}`);
const [EXPIRED, UNKEPT, KEPT] = [branches('expired', 10), branches('closed', 5), branches('open', 5)];

describe('twenty previews', () => {
  let deployment: TestDeployment;
  let pruner: string;

  beforeAll(async () => {
    deployment = await makeDeployment('twenty');
    pruner = await makeAccount(
      deployment.space,
      'pruner',
      selectDeletePermissions({ volumes: false, namespace: false }),
    );
  });

  afterAll(async () => {
    await deployment.remove();
  });

  const prune = async (inputs: Readonly<Record<string, string>> = {}): Promise<ActionResult> =>
    await deployment.requireRun({ command: 'prune', kubeconfig: pruner, ...inputs });
  const prunedBy = (result: ActionResult): unknown => JSON.parse(result.outputs['pruned'] ?? 'null');
  const titles = (names: readonly string[]): unknown =>
    expect.arrayContaining(names.map((name) => `${deployment.space.name}/${derivePreviewName(name)}`));

  test('shrink to five by expiry and `keep`, and the objects of others stay', async () => {
    const queue = [
      ...EXPIRED.map((name) => ({ name, ttl: '1s' })),
      ...[...UNKEPT, ...KEPT].map((name) => ({ name, ttl: '1h' })),
    ].values();
    const work = async (): Promise<void> => {
      for (const inputs of queue) await deployment.requireRun({ ...SMALL, ...inputs });
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    await putBystanders(deployment, derivePreviewName(EXPIRED[0] ?? '') ?? '');
    const before = await readObjectVersions(deployment);

    const byTime = prunedBy(await prune());
    expect(byTime).toHaveLength(EXPIRED.length);
    expect(byTime).toEqual(titles(EXPIRED));
    const byKeep = prunedBy(await prune({ keep: KEPT.join('\n') }));
    expect(byKeep).toHaveLength(UNKEPT.length);
    expect(byKeep).toEqual(titles(UNKEPT));

    const stays = (key: string): boolean => /\/(tls-)?open-|-copy$|-proxy$/.test(key);
    const expected = Object.fromEntries(Object.entries(before).filter(([key]) => stays(key)));
    expect(await readObjectVersions(deployment)).toEqual(expected);
    expect(Object.keys(expected).filter((key) => key.startsWith('set/'))).toHaveLength(KEPT.length);
    expect((await prune({ keep: KEPT.join('\n') })).outputs).toMatchObject({ result: 'unchanged', changed: 'false' });
  });

  test.each([0, 500, 1500, 3000])(
    'keep one complete that is deployed again %d ms after its prune began',
    async (laterMs) => {
      const inputs = { ...SMALL, name: 'raced' };
      await deployment.requireRun({ ...inputs, ttl: '1s' });
      await delay(1000);
      const deploy = async (): Promise<ActionResult> => {
        await delay(laterMs);
        return await deployment.requireRun({ ...inputs, ttl: '1h' });
      };
      const [pruned, deployed] = await Promise.all([prune(), deploy()]);
      expect(deployed.outputs).toMatchObject({ name: 'raced' });
      expect([[], [`${deployment.space.name}/raced`]]).toContainEqual(prunedBy(pruned));
      expect((await deployment.requireRun({ command: 'verify', name: 'raced' })).outputs).toMatchObject({
        result: 'verified',
      });
      expect(await readExpiries(deployment)).toMatchObject({ raced: deployed.outputs['expires'] });
      expect(prunedBy(await prune())).toEqual([]);
    },
  );
});
