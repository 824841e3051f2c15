import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deletePermissions } from '../../../src/manifests/permissions.ts';
import { accountWith, grantIn, grantInCluster } from '../../support/account.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { SMALL } from '../../support/previews.ts';

describe('delete of a namespace that create-namespace made', () => {
  let deployment: TestDeployment;
  const taken: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    deployment = await makeDeployment('delete-space');
  });

  afterAll(async () => {
    for (const undo of taken) await undo();
    await deployment.remove();
  });

  test('waits until nothing of anybody else is in it, then is gone, and is nothing to a second run', async () => {
    const { space } = deployment;
    const namespace = `${space.name}-made`;
    const admin = { kubeconfig: space.config.exportConfig(), namespace };
    await deployment.requireRun({ ...SMALL, ...admin, 'create-namespace': 'true' });
    const rules = deletePermissions({ volumes: false, namespace: true });
    const kubeconfig = await accountWith(space, 'deleter', []);
    await grantIn(namespace, space, 'deleter', rules);
    taken.push(await grantInCluster(space, 'deleter', rules));
    const inputs = { command: 'delete', kubeconfig, namespace, allow: 'delete-namespace' };
    await space.core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'notes' } } });

    const kept = await deployment.requireRun(inputs);
    expect(kept.outputs).toMatchObject({ result: 'deleted' });
    expect(kept.stdout).toContain(`left: Namespace/${namespace}, as it is not empty: ConfigMap/notes`);

    await space.core.deleteNamespacedConfigMap({ name: 'notes', namespace });
    expect((await deployment.requireRun(inputs)).outputs).toMatchObject({ result: 'deleted', changed: 'true' });
    const { items } = await space.core.listNamespace({ fieldSelector: `metadata.name=${namespace}` });
    expect(items).toEqual([]);
    expect((await deployment.requireRun(inputs)).outputs).toMatchObject({ result: 'unchanged', changed: 'false' });
  });
});
