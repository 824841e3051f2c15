import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CoordinationV1Api, NetworkingV1Api, PolicyV1Api, V1MicroTime } from '@kubernetes/client-node';
import { objectLabels, selectorLabels } from '../../../src/cluster/names.ts';
import { selectDeletePermissions } from '../../../src/manifests/permissions.ts';
import { makeAccount } from '../../support/account.ts';
import type { ActionResult } from '../../support/action.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { MERGE, readObjectVersions } from '../../support/objects.ts';
import { SMALL } from '../../support/previews.ts';

const VOLUME = 'jetstream-nats-0';

describe('delete with its published Role', () => {
  let deployment: TestDeployment;
  let deleter: string;

  beforeAll(async () => {
    deployment = await makeDeployment('deleted');
    deleter = await makeAccount(
      deployment.space,
      'deleter',
      selectDeletePermissions({ volumes: true, namespace: false }),
    );
    const options = { 'network-policy': 'true', 'client-certificates': 'orders, billing' };
    await Promise.all([
      deployment.requireRun({ ...SMALL, ...options, replicas: '2' }),
      deployment.requireRun({ ...SMALL, name: 'orders' }),
    ]);
  });

  afterAll(async () => {
    await deployment.remove();
  });

  const remove = async (
    inputs: Readonly<Record<string, string>> = {},
    options: Parameters<TestDeployment['run']>[1] = {},
  ): Promise<ActionResult> => await deployment.run({ command: 'delete', kubeconfig: deleter, ...inputs }, options);

  const removed = async (inputs: Readonly<Record<string, string>> = {}): Promise<ActionResult> => {
    const result = await remove(inputs);
    if (result.exitCode !== 0) throw new Error(`delete ended with ${result.exitCode}:\n${result.stdout}`);
    return result;
  };

  test('completes the deletion after a killed run, and keeps the objects of others', async () => {
    const { space, apps } = deployment;
    const { core, name: namespace } = space;
    await apps.deleteNamespacedStatefulSet({ name: 'nats', namespace, propagationPolicy: 'Orphan' });
    await leaseOfTheDead(deployment);
    await core.createNamespacedSecret({ namespace, body: { metadata: owned('nats-config-7') } });
    await core.createNamespacedService({ namespace, body: { metadata: { name: 'nats-0-debug' }, spec: PORT } });
    await core.createNamespacedPersistentVolumeClaim({ namespace, body: claim() });
    const before = await readObjectVersions(deployment);

    const { stdout, outputs, summary } = await removed();

    expect(outputs).toMatchObject({ result: 'deleted', changed: 'true', namespace });
    expect(stdout).toContain('left: Secret/nats-config-7, because it has our labels, but this action never applied it');
    expect(stdout).toMatch(/left: PersistentVolumeClaim\/jetstream-nats-0, because .*allow: delete-volumes/);
    expect(summary).toContain('| `Pod/nats-0` | deleted |');
    // All other objects are unchanged, including their versions.
    const isKept = (key: string): boolean => /^\w+\/(tls-)?orders/.test(key) || FOREIGN.includes(key);
    expect(await readObjectVersions(deployment)).toEqual(
      Object.fromEntries(Object.entries(before).filter(([key]) => isKept(key))),
    );
    expect(await otherObjects(deployment)).toEqual([]);
    expect(await claims(deployment)).toEqual([VOLUME]);
  });

  test('changes nothing in a second run', async () => {
    const { stdout, outputs } = await removed();
    expect(outputs).toMatchObject({ result: 'unchanged', changed: 'false' });
    expect(stdout).toContain('nats: nothing to delete');
  });

  test('deletes the volumes with `allow: delete-volumes`', async () => {
    const { outputs } = await removed({ allow: 'delete-volumes' });
    expect(outputs).toMatchObject({ result: 'deleted', changed: 'true' });
    expect(await claims(deployment)).toEqual([]);
  });

  test('keeps a namespace that create-namespace did not create', async () => {
    const kubeconfig = deployment.space.config.exportConfig();
    const { stdout } = await removed({ kubeconfig, allow: 'delete-namespace' });
    expect(stdout).toContain('because `create-namespace` did not create it');
  });

  test('names the finalizer that blocks it, stops when it is cancelled, and is completed by the next run', async () => {
    const { core, name: namespace } = deployment.space;
    const finalizers = async (names: readonly string[] | null): Promise<void> => {
      await core.patchNamespacedPod({ name: 'orders-0', namespace, body: { metadata: { finalizers: names } } }, MERGE);
    };
    await finalizers(['example.com/hold']);
    const cancelling = new AbortController();
    const onLine = (line: string): void => {
      if (line.includes('example.com/hold')) cancelling.abort('SIGINT');
    };
    const cancelled = await remove({ name: 'orders' }, { signal: cancelling.signal, onLine });
    expect(cancelled.outputs).toMatchObject({ result: 'cancelled' });
    expect(cancelled.stdout).toContain('while it deleted objects');

    await finalizers(null);
    expect((await removed({ name: 'orders' })).outputs).toMatchObject({ result: 'deleted' });
    expect(Object.keys(await readObjectVersions(deployment)).filter((key) => key.includes('orders'))).toEqual([]);
  });
});

const FOREIGN = ['secret/nats-config-7', 'service/nats-0-debug'];
const PORT = { ports: [{ port: 4222 }] };

function owned(name: string) {
  return { name, labels: { ...objectLabels('nats') } };
}

/** Returns a claim as a StatefulSet makes one. */
function claim() {
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } };
  return { metadata: { name: VOLUME, labels: { ...selectorLabels('nats') } }, spec };
}

/** Creates the Lease of a run that ended without releasing it. */
async function leaseOfTheDead({ space }: TestDeployment): Promise<void> {
  const now = new V1MicroTime();
  const spec = { holderIdentity: 'dead', leaseDurationSeconds: 1, acquireTime: now, renewTime: now };
  await space.config
    .makeApiClient(CoordinationV1Api)
    .createNamespacedLease({ namespace: space.name, body: { metadata: owned('nats-deploy'), spec } });
}

async function claims({ space: { core, name: namespace } }: TestDeployment): Promise<readonly unknown[]> {
  return (await core.listNamespacedPersistentVolumeClaim({ namespace })).items.map(({ metadata }) => metadata?.name);
}

/** Reads the objects of the deployment `nats` that `readObjectVersions` does not read. */
async function otherObjects({ space }: TestDeployment): Promise<readonly unknown[]> {
  const { config, name: namespace } = space;
  const lists = await Promise.all([
    config.makeApiClient(NetworkingV1Api).listNamespacedNetworkPolicy({ namespace }),
    config.makeApiClient(CoordinationV1Api).listNamespacedLease({ namespace }),
    config.makeApiClient(PolicyV1Api).listNamespacedPodDisruptionBudget({ namespace }),
  ]);
  return lists.flatMap(({ items }) => items.map(({ metadata }) => metadata?.name)).filter((name) => name !== 'orders');
}
