import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { NetworkingV1Api, RbacAuthorizationV1Api } from '@kubernetes/client-node';
import { selectDeletePermissions } from '../../../src/manifests/permissions.ts';
import { grantIn, grantInCluster, makeAccount } from '../../support/account.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { SMALL } from '../../support/previews.ts';

describe('the deletion of a namespace that create-namespace created', () => {
  let deployment: TestDeployment;
  const taken: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    deployment = await makeDeployment('delete-space');
  });

  afterAll(async () => {
    for (const undo of taken) await undo();
    await deployment.remove();
  });

  test('keeps the namespace while it holds objects of others, then deletes it, and a second run changes nothing', async () => {
    const { space } = deployment;
    const namespace = `${space.name}-made`;
    const admin = { kubeconfig: space.config.exportConfig(), namespace };
    await deployment.requireRun({ ...SMALL, ...admin, 'create-namespace': 'true' });
    const rules = selectDeletePermissions({ volumes: false, namespace: true });
    const kubeconfig = await makeAccount(space, 'deleter', []);
    await grantIn(namespace, space, 'deleter', rules);
    taken.push(await grantInCluster(space, 'deleter', rules));
    const inputs = { command: 'delete', kubeconfig, namespace, allow: 'delete-namespace' };
    await space.core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'notes' } } });

    const kept = await deployment.requireRun(inputs);
    expect(kept.outputs).toMatchObject({ result: 'deleted' });
    expect(kept.stdout).toContain(`left: Namespace/${namespace}, because it is not empty: ConfigMap/notes`);

    await space.core.deleteNamespacedConfigMap({ name: 'notes', namespace });
    for (const [object, put, take] of otherContents(deployment, namespace)) {
      await put();
      const { stdout } = await deployment.requireRun(inputs);
      expect(stdout).toContain(`left: Namespace/${namespace}, because it is not empty: ${object}`);
      await take();
    }

    // A kind that the credentials may not list could have objects.
    const [blind, allowance] = [
      await makeAccount(space, 'blind', []),
      rules.filter(({ resource }) => resource !== '*'),
    ];
    await grantIn(namespace, space, 'blind', allowance);
    taken.push(await grantInCluster(space, 'blind', allowance));
    const { stdout } = await deployment.requireRun({ ...inputs, kubeconfig: blind });
    expect(stdout).toMatch(/left: Namespace\/.*could not be listed, and may have objects: .*configmaps/);
    const rbac = space.config.makeApiClient(RbacAuthorizationV1Api);
    await rbac.deleteNamespacedRoleBinding({ name: 'blind', namespace });
    await rbac.deleteNamespacedRole({ name: 'blind', namespace });

    expect((await deployment.requireRun(inputs)).outputs).toMatchObject({ result: 'deleted', changed: 'true' });
    const { items } = await space.core.listNamespace({ fieldSelector: `metadata.name=${namespace}` });
    expect(items).toEqual([]);
    expect((await deployment.requireRun(inputs)).outputs).toMatchObject({ result: 'unchanged', changed: 'false' });
  });
});

type Content = readonly [string, () => Promise<unknown>, () => Promise<unknown>];

/** Returns objects that people create for a second application. The test creates each object, then deletes it. */
function otherContents({ space }: TestDeployment, namespace: string): readonly Content[] {
  const { core, config } = space;
  const rbac = config.makeApiClient(RbacAuthorizationV1Api);
  const networking = config.makeApiClient(NetworkingV1Api);
  const ref = { name: 'second', namespace };
  const metadata = { name: 'second' };
  return [
    [
      'ServiceAccount/second',
      async () => await core.createNamespacedServiceAccount({ namespace, body: { metadata } }),
      async () => await core.deleteNamespacedServiceAccount(ref),
    ],
    [
      'ResourceQuota/second',
      async () =>
        await core.createNamespacedResourceQuota({ namespace, body: { metadata, spec: { hard: { pods: '9' } } } }),
      async () => await core.deleteNamespacedResourceQuota(ref),
    ],
    [
      'Role/second',
      async () => await rbac.createNamespacedRole({ namespace, body: { metadata, rules: [] } }),
      async () => await rbac.deleteNamespacedRole(ref),
    ],
    [
      'NetworkPolicy/second',
      async () =>
        await networking.createNamespacedNetworkPolicy({ namespace, body: { metadata, spec: { podSelector: {} } } }),
      async () => await networking.deleteNamespacedNetworkPolicy(ref),
    ],
  ];
}
