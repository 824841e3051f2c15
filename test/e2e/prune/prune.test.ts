import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { derivePreviewName } from '../../../src/cluster/preview.ts';
import { PREVIEW_VIEW, selectDeletePermissions } from '../../../src/manifests/permissions.ts';
import { grantInCluster, makeAccount } from '../../support/account.ts';
import type { ActionResult } from '../../support/action.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { expectFailure } from '../../support/failure.ts';
import { MERGE, readObjectVersions } from '../../support/objects.ts';
import { putBystanders, readExpiries, SMALL } from '../../support/previews.ts';

const BRANCH = 'feature/Orders#12';
const DERIVED = derivePreviewName(BRANCH) ?? '';

describe('previews', () => {
  let deployment: TestDeployment;
  let pruner: string;
  let takeBack: () => Promise<void>;

  beforeAll(async () => {
    deployment = await makeDeployment('previews');
    pruner = await makeAccount(
      deployment.space,
      'pruner',
      selectDeletePermissions({ volumes: true, namespace: false }),
    );
    takeBack = await grantInCluster(deployment.space, 'pruner', PREVIEW_VIEW);
    const deploy = async (name: string, more: Readonly<Record<string, string>>) =>
      await deployment.requireRun({ ...SMALL, name, ...more });
    const [, , branch] = await Promise.all([
      deploy('kept', { ttl: '1h' }),
      deploy('late', { ttl: '1s' }),
      deploy(BRANCH, { ttl: '1h' }),
      deploy('orders', {}),
    ]);
    expect(branch?.stdout).toContain(`name: ${BRANCH} becomes ${DERIVED}`);
    expect(branch?.outputs).toMatchObject({ name: DERIVED, servers: JSON.stringify([`${DERIVED}-0`]) });
    await putBystanders(deployment, 'late');
  });

  afterAll(async () => {
    await takeBack();
    await deployment.remove();
  });

  const prune = async (inputs: Readonly<Record<string, string>> = {}): Promise<ActionResult> =>
    await deployment.run({ command: 'prune', kubeconfig: pruner, ...inputs });
  const pruned = async (inputs: Readonly<Record<string, string>> = {}): Promise<unknown> => {
    const result = await prune(inputs);
    if (result.exitCode !== 0) throw new Error(`prune ended with ${result.exitCode}:\n${result.stdout}`);
    const names: unknown = JSON.parse(result.outputs['pruned'] ?? '');
    return names;
  };
  const title = (name: string): string => `${deployment.space.name}/${name}`;
  const versionsWithout = (versions: Readonly<Record<string, unknown>>, name: string) =>
    Object.fromEntries(Object.entries(versions).filter(([key]) => !isOf(key, name)));

  test('stay until they expire, and a deploy without changes renews them', async () => {
    const before = await readExpiries(deployment);
    const versions = await readObjectVersions(deployment);
    const { outputs } = await deployment.requireRun({ ...SMALL, name: 'kept', ttl: '1h' });
    expect(outputs).toMatchObject({ result: 'unchanged', changed: 'false' });
    const after = await readExpiries(deployment);
    expect(after['kept']).not.toBe(before['kept']);
    expect(outputs['expires']).toBe(after['kept']);
    expect(await readObjectVersions(deployment)).toEqual(versions);
  });

  test('are deleted when they have expired, and nothing else is deleted', async () => {
    const before = await readObjectVersions(deployment);
    expect(await pruned()).toEqual([title('late')]);
    expect(await readObjectVersions(deployment)).toEqual(versionsWithout(before, 'late'));
    const { data } = await deployment.space.core.readNamespacedConfigMap({
      name: 'notes',
      namespace: deployment.space.name,
    });
    expect(data).toBeUndefined();
    expect(Object.keys(await readExpiries(deployment)).toSorted()).toEqual([DERIVED, 'kept', 'orders'].toSorted());
  });

  test('are found in all namespaces that the credentials can list', async () => {
    expect(await pruned({ 'all-namespaces': 'true' })).toEqual([]);
  });

  test('are reported if they cannot be deleted, and do not block others', async () => {
    const { core, name: namespace } = deployment.space;
    const hold = async (finalizers: readonly string[] | null): Promise<void> => {
      await core.patchNamespacedService({ name: 'kept', namespace, body: { metadata: { finalizers } } }, MERGE);
    };
    await hold(['example.com/hold']);
    const result = await prune({ keep: 'main', timeout: '10s' });
    const { title: error, text } = expectFailure(result);
    expect(error).toMatch(/^PRUNE_INCOMPLETE/);
    expect(text).toMatch(/kept: WAIT_TIMEOUT: .*Service\/kept: terminating, held by example\.com\/hold/);
    expect(JSON.parse(result.outputs['pruned'] ?? '')).toEqual([title(DERIVED)]);
    await hold(null);
    expect(await pruned({ keep: 'main' })).toEqual([title('kept')]);
    expect(await pruned({ keep: 'main' })).toEqual([]);
    // A deployment without ttl is not a preview, even if a Lease of another author says so.
    expect(Object.keys(await readObjectVersions(deployment)).filter((key) => isOf(key, 'orders'))).toContain(
      'set/orders',
    );
  });

  test('are never made of a permanent NATS cluster', async () => {
    const result = await deployment.run({ ...SMALL, name: 'orders', ttl: '1s' });
    expect(expectFailure(result).title).toMatch(/^CHANGE_FORBIDDEN/);
  });
});

/** Checks whether an object belongs to the deployment of that name, and is not another user's copy. */
function isOf(key: string, name: string): boolean {
  return new RegExp(`^\\w+/(tls-)?${name}(-(?!copy|proxy).*)?$`).test(key);
}
