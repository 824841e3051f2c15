import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CoordinationV1Api } from '@kubernetes/client-node';
import { objectLabels } from '../../../src/cluster/names.ts';
import { type PublicCase, recordCase } from '../../faults/cases.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { expectFailure } from '../../support/failure.ts';
import { MERGE, readObjectVersions } from '../../support/objects.ts';
import { SMALL } from '../../support/previews.ts';

type Texts = Readonly<Record<string, string>>;

const CONFIGURED = { ...SMALL, 'client-certificates': 'server' } as const;

describe('in a namespace with a NATS cluster `nats` of one server,', () => {
  let deployment: TestDeployment;

  beforeAll(async () => {
    deployment = await makeDeployment('neighbours');
    await deployment.requireRun(CONFIGURED);
  });

  afterAll(async () => {
    await deployment.remove();
  });

  /** Runs the action, and expects a refusal before any write. */
  const refusal = async (inputs: Texts, met?: PublicCase): Promise<string> => {
    const before = await readObjectVersions(deployment);
    const result = await deployment.run({ ...SMALL, ...inputs });
    const { title, text } = expectFailure(result);
    expect(title).toBe('CHANGE_FORBIDDEN (ForeignObjects)');
    expect(await readObjectVersions(deployment)).toEqual(before);
    expect(await leases(deployment)).toEqual([]);
    if (met !== undefined) await recordCase(met, result, deployment);
    return text;
  };

  const putService = async (name: string, labels: Texts): Promise<void> => {
    const body = { metadata: { name, labels: { ...labels } }, spec: { ports: [{ port: 4222 }] } };
    await deployment.space.core.createNamespacedService({ namespace: deployment.space.name, body });
  };
  const removeService = async (name: string): Promise<void> => {
    await deployment.space.core.deleteNamespacedService({ name, namespace: deployment.space.name });
  };

  test.each([
    ['nats-0', 'Service/nats-0', 'nats-0-cluster'],
    ['nats-headless', 'Service/nats-headless', 'nats-headless-cluster'],
    ['tls-nats', 'Secret/tls-nats-client', 'tls-nats-cluster'],
    ['nats-client', 'Secret/tls-nats-client-server', 'cluster-nats-client'],
  ])('another one cannot be named %s, because it would write %s', async (name, object, instead) => {
    for (const command of ['plan', 'deploy']) {
      const met = { slug: `04-a-${name}`, title: `4: a second NATS cluster is named ${name}, next to nats` };
      const text = await refusal({ command, name, allow: command === 'deploy' ? 'adopt, conflicts' : '' }, met);
      expect(text).toContain(`${object} belongs to the deployment nats`);
      expect(text).toContain(`name: ${instead}`);
    }
  });

  test('another one cannot be named nats-1, because a second server would have that name', async () => {
    const met = { slug: '04-a-nats-1', title: '4: a second NATS cluster is named nats-1, next to nats' };
    expect(await refusal({ name: 'nats-1', ttl: '1h' }, met)).toContain(
      'Service/nats-1 can belong to nats-1 and to the deployment nats',
    );
  });

  test('a deploy is refused if its Leases belong to another NATS cluster, and the Leases are kept', async () => {
    const api = deployment.space.config.makeApiClient(CoordinationV1Api);
    const namespace = deployment.space.name;
    for (const [name, more] of [
      ['orders-deploy', {}],
      ['orders-preview', { ttl: '1h' }],
    ] as const) {
      const body = { metadata: { name, labels: { ...objectLabels('billing') } }, spec: { holderIdentity: 'billing' } };
      await api.createNamespacedLease({ namespace, body });
      for (const command of ['plan', 'deploy']) {
        const { title, text } = expectFailure(await deployment.run({ ...SMALL, ...more, command, name: 'orders' }));
        expect(title).toBe('CHANGE_FORBIDDEN (ForeignObjects)');
        expect(text).toContain(name);
      }
      const { spec } = await api.readNamespacedLease({ name, namespace });
      expect([spec?.holderIdentity, await leases(deployment)]).toEqual(['billing', [name]]);
      await api.deleteNamespacedLease({ name, namespace });
    }
  });

  test('a second server is refused if its Service belongs to another NATS cluster, whatever `allow` says', async () => {
    await putService('nats-1', objectLabels('nats-1'));
    const grown = { ...CONFIGURED, replicas: '2', 'anti-affinity': 'none' };
    for (const command of ['plan', 'deploy']) {
      const met = { slug: '04-b-scale-up', title: '4: the Service of a new server belongs to another NATS cluster' };
      const text = await refusal({ ...grown, command, allow: 'adopt, conflicts, outage' }, met);
      expect(text).toContain('Service/nats-1 belongs to the deployment nats-1');
    }
    // The unchanged deployment continues to work.
    expect((await deployment.requireRun(CONFIGURED)).outputs).toMatchObject({ result: 'unchanged' });
    await removeService('nats-1');
  });

  test('a second server takes over an existing Service with the same name only with `allow: adopt`', async () => {
    await putService('nats-1', {});
    const grown = { ...CONFIGURED, replicas: '2', 'anti-affinity': 'none' };
    expect(await refusal(grown)).toMatch(/Service\/nats-1[^]*allow: adopt — /);
    await deployment.requireRun({ ...grown, allow: 'adopt' });
    await deployment.requireRun(CONFIGURED);
  });

  test('verify and rotate name the owner of an object, and delete keeps the object', async () => {
    const { core, name: namespace } = deployment.space;
    const relabel = async (instance: string): Promise<void> => {
      const body = { metadata: { labels: { 'app.kubernetes.io/instance': instance } } };
      await core.patchNamespacedService({ name: 'nats-0', namespace, body }, MERGE);
    };
    await relabel('nats-0');
    const verified = await deployment.run({ command: 'verify' });
    const { title, text } = expectFailure(verified);
    expect(title).toBe('DRIFT (Drifted)');
    expect(text).toContain('Service/nats-0: belongs to the deployment nats-0');
    expect(await refusal({ command: 'rotate', replicas: '', resources: '' })).toContain(
      'belongs to the deployment nats-0',
    );
    const admin = { kubeconfig: deployment.space.config.exportConfig(), namespace };
    const deleted = await deployment.requireRun({ ...admin, command: 'delete' });
    expect(deleted.stdout).toContain('left: Service/nats-0, because it belongs to the deployment nats-0');
    const taken = '4: a Service belongs to another NATS cluster';
    await recordCase({ slug: '04-c-verify', title: `${taken}; verify` }, verified, deployment);
    const publicCase = { title: `${taken}; delete`, line: /^left: / };
    await recordCase({ slug: '04-d-delete', ...publicCase }, deleted, deployment);
    expect((await core.readNamespacedService({ name: 'nats-0', namespace })).metadata?.uid).not.toBe('');
  });
});

async function leases({ space }: TestDeployment): Promise<readonly unknown[]> {
  const { items } = await space.config.makeApiClient(CoordinationV1Api).listNamespacedLease({ namespace: space.name });
  return items.map(({ metadata }) => metadata?.name);
}
