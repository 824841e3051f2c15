import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { V1StatefulSetSpec } from '@kubernetes/client-node';
import { listVerifyPermissions } from '../../../src/manifests/permissions.ts';
import { parseCa } from '../../../src/pki/ca.ts';
import { formatDate } from '../../../src/text/duration-text.ts';
import { makeAccount } from '../../support/account.ts';
import type { ActionResult } from '../../support/action.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { eventually } from '../../support/eventually.ts';
import { type Annotation, expectFailure, expectNoSecret } from '../../support/failure.ts';
import { makeUnknownCa } from '../../support/intruder.ts';
import { completeMesh, readSecret, routesOf } from '../../support/live-cluster.ts';
import { editSecret, MERGE, readObjectVersions } from '../../support/objects.ts';
import { makeLeaf } from '../../unit/support/issuance.ts';

const HOUR_MS = 3_600_000;

describe('verify', () => {
  let deployment: TestDeployment;
  let mesh: string;
  let objects: string;

  beforeAll(async () => {
    deployment = await makeDeployment('verify');
    mesh = await makeAccount(deployment.space, 'mesh-verifier', listVerifyPermissions('mesh'));
    objects = await makeAccount(deployment.space, 'object-verifier', listVerifyPermissions('objects'));
  });

  afterAll(async () => {
    await deployment.remove();
  });

  const verify = async (kubeconfig: string, inputs: Readonly<Record<string, string>> = {}): Promise<ActionResult> =>
    await deployment.run({ command: 'verify', kubeconfig, ...inputs });
  const expectVerified = (result: ActionResult): void => {
    if (result.exitCode !== 0) throw new Error(`verify ended with ${result.exitCode}:\n${result.stdout}`);
    expect(result.outputs).toMatchObject({ result: 'verified', changed: 'false', 'ready-replicas': '3' });
    expect(result.stdout).not.toMatch(/^::(warning|error)/m);
  };
  const failing = async (inputs: Readonly<Record<string, string>> = {}): Promise<Annotation> => {
    const result = await verify(objects, inputs);
    expectNoSecret(result, await secretValues(deployment));
    return expectFailure(result);
  };

  test('fails if there is no NATS cluster', async () => {
    const { title, text } = await failing();
    expect(title).toBe('CHANGE_FORBIDDEN (NotDeployed)');
    expect(text).toContain(deployment.space.name);
  });

  describe('of a NATS cluster', () => {
    beforeAll(async () => {
      await deployment.requireRun();
    });

    test('checks objects, mesh and handshakes with its published Role, and changes nothing', async () => {
      const before = await readObjectVersions(deployment);
      const result = await verify(mesh);
      expectVerified(result);
      expect(routesOf(result)).toEqual(completeMesh(3));
      expect(result.outputs['rotation-phase']).toBe('idle');
      expect(result.stdout).toContain('level: objects, mesh, message delivery');
      expect(await readObjectVersions(deployment)).toEqual(before);
    });

    test('checks objects only if port-forward is not permitted, and says so', async () => {
      const before = await readObjectVersions(deployment);
      const result = await verify(objects);
      expectVerified(result);
      expect(result.stdout).toContain('level: objects only');
      expect(await readObjectVersions(deployment)).toEqual(before);
    });

    test('names the missing permissions for objects', async () => {
      const rules = listVerifyPermissions('objects').filter(({ resource }) => resource !== 'secrets');
      const kubeconfig = await makeAccount(deployment.space, 'blind', rules);
      const { title, text } = expectFailure(await verify(kubeconfig));
      expect(title).toBe('FORBIDDEN (Rbac)');
      expect(text).toContain('secrets');
      expect(text).not.toContain('portforward');
      expect(text).not.toContain('services');
    });

    test('fails on a configuration that was edited manually, and never shows it', async () => {
      const restore = await editSecret(deployment.space, 'nats-config', ({ 'nats.conf': text = '' }) => ({
        'nats.conf': text.replace('debug: false', 'debug: true'),
      }));
      const { title, text } = await failing();
      expect(title).toBe('DRIFT (Drifted)');
      expect(text).toContain('Secret/nats-config: data["nats.conf"] is different');
      await restore();
    });

    test('fails on a key that was added to a Secret', async () => {
      const restore = await editSecret(deployment.space, 'nats-client', () => ({ other: 'canary/added%e5' }));
      const { title, text } = await failing();
      expect(title).toBe('DRIFT (Drifted)');
      expect(text).toContain('Secret/nats-client: data.other was added by another writer');
      await restore();
    });

    test('fails on a Service that was edited manually', async () => {
      const { core, name: namespace } = deployment.space;
      const body = { spec: { publishNotReadyAddresses: false } };
      await core.patchNamespacedService({ name: 'nats-1', namespace, body }, MERGE);
      const { title, text } = await failing();
      expect(title).toBe('DRIFT (Drifted)');
      expect(text).toContain('Service/nats-1: spec.publishNotReadyAddresses');
      await deployment.requireRun();
    });

    test('fails on a deleted Service', async () => {
      const { core, name: namespace } = deployment.space;
      await core.deleteNamespacedService({ name: 'nats-2', namespace });
      const { title, text } = await failing();
      expect(title).toBe('DRIFT (Drifted)');
      expect(text).toContain('Service/nats-2: is missing');
      await deployment.requireRun();
    });

    test('fails on servers that were removed by kubectl scale', async () => {
      await patchStatefulSet(deployment, { replicas: 2 });
      const { title, text } = await failing();
      expect(title).toBe('DRIFT (Drifted)');
      expect(text).toContain('StatefulSet/nats: spec.replicas is different');
      await patchStatefulSet(deployment, { replicas: 3 });
    });

    test('fails on an image that was set manually, also without input image', async () => {
      const imageAndPartition = (image: string, partition: number) => ({
        template: { spec: { containers: [{ name: 'nats', image }] } },
        updateStrategy: { rollingUpdate: { partition } },
      });
      // The change does not replace a server.
      const set = await patchStatefulSet(deployment, imageAndPartition('nats:2.14.9', 3));
      const { title, text } = await failing();
      expect(title).toBe('DRIFT (Drifted)');
      expect(text).toContain('StatefulSet/nats: spec.template.spec.containers[nats].image is different');
      const { template, updateStrategy } = set ?? {};
      const [server] = template?.spec?.containers ?? [];
      const partition = updateStrategy?.rollingUpdate?.partition ?? 0;
      await patchStatefulSet(deployment, imageAndPartition(server?.image ?? '', partition));
    });

    test('fails on a route certificate of another CA', async () => {
      const { leaf, privateKeyPem } = await routeLeafOf(deployment, await makeUnknownCa());
      const restore = await editSecret(deployment.space, 'tls-nats-routes', () => ({
        'route-nats-1.crt': leaf.pem,
        'route-nats-1.key': privateKeyPem,
      }));
      const { title, text } = await failing();
      expect(title).toBe('DRIFT (CertificateInvalid)');
      expect(text).toContain('route certificate of nats-1: issued by');
      await restore();
    });

    test('fails on an expired certificate', async () => {
      const texts = await readSecret(deployment.space, 'nats-authorities');
      const authority = parseCa(texts['route-ca.crt'] ?? '', texts['route-ca.key'] ?? '');
      const notAfter = new Date(Math.floor(Date.now() / 1000) * 1000 - 1000);
      const { leaf, privateKeyPem } = await routeLeafOf(deployment, authority, notAfter);
      const restore = await editSecret(deployment.space, 'tls-nats-routes', () => ({
        'route-nats-1.crt': leaf.pem,
        'route-nats-1.key': privateKeyPem,
      }));
      const { title, text } = await failing();
      expect(title).toBe('DRIFT (CertificateInvalid)');
      expect(text).toContain(`route certificate of nats-1: expired at ${formatDate(notAfter)}`);
      await restore();
    });

    test('succeeds after all changes are reverted', async () => {
      await eventually('three servers are ready', 60, async () => {
        const set = await deployment.apps.readNamespacedStatefulSet({ name: 'nats', namespace: deployment.space.name });
        return set.status?.readyReplicas === 3 || undefined;
      });
      expectVerified(await verify(mesh));
    });
  });

  describe('before a certificate expires', () => {
    const name = 'brief';

    // The certificates are those of the first run, with twenty minutes left; the second run makes longer ones possible.
    beforeAll(async () => {
      const short = { name, replicas: '1', 'renew-before': '9m' };
      await deployment.requireRun({ ...short, 'certificate-validity': '20m' });
      const again = await deployment.requireRun({ ...short, 'certificate-validity': '4h' });
      expect(minutesLeft(again)).toBeLessThanOrEqual(20);
    });

    test('does not warn before renew-before', async () => {
      const result = await verify(mesh, { name });
      expect([result.outputs['result'], result.stdout.match(/^::(warning|error).*/m)]).toEqual(['verified', null]);
    });

    test('warns when renewal is due', async () => {
      const result = await verify(mesh, { name, 'renew-before': '30m' });
      expect([result.exitCode, result.outputs['result']]).toEqual([0, 'verified']);
      expect(result.stdout).toMatch(/^::warning title=CERTIFICATE_EXPIRING::server certificate of brief expires at /m);
    });

    test.each([['mesh'], ['objects']])('fails when half of renew-before has passed, with level %s', async (level) => {
      const kubeconfig = level === 'mesh' ? mesh : objects;
      const { title, text } = expectFailure(await verify(kubeconfig, { name, 'renew-before': '1h' }));
      expect(title).toBe('CERTIFICATE_EXPIRING (RenewalOverdue)');
      expect(text).toContain('server certificate of brief');
      expect(text).toContain('route certificate of brief-0');
      expect(text).toContain('command: rotate');
    });
  });
});

/**
 * Returns the values that must be absent from every log: private keys by their first line, passwords, configurations.
 */
async function secretValues({ space }: TestDeployment): Promise<readonly string[]> {
  const { items } = await space.core.listNamespacedSecret({ namespace: space.name });
  return items.flatMap(({ data = {} }) =>
    Object.entries(data)
      .filter(([key]) => /\.key$|password$|nats\.conf$|^other$/.test(key))
      .map(([key, value]) => {
        const text = Buffer.from(value, 'base64').toString();
        return (key.endsWith('.key') ? text.split('\n')[1] : text) ?? '';
      }),
  );
}

/** Patches the StatefulSet. Returns its earlier spec. */
async function patchStatefulSet({ apps, space }: TestDeployment, spec: object): Promise<V1StatefulSetSpec | undefined> {
  const ref = { name: 'nats', namespace: space.name };
  const before = await apps.readNamespacedStatefulSet(ref);
  await apps.patchNamespacedStatefulSet({ ...ref, body: { spec } }, MERGE);
  return before.spec;
}

async function routeLeafOf(
  { space }: TestDeployment,
  authority: Awaited<ReturnType<typeof makeUnknownCa>>,
  notAfter = new Date(Math.floor(Date.now() / 1000) * 1000 + HOUR_MS),
) {
  return await makeLeaf(authority, {
    commonName: 'nats-1',
    serial: randomBytes(16),
    subjectAltNames: { dnsNames: [`nats-1.${space.name}.svc`], ipAddresses: [] },
    notBefore: new Date(notAfter.getTime() - 2 * HOUR_MS),
    notAfter,
  });
}

function minutesLeft({ outputs }: ActionResult): number {
  return (Date.parse(outputs['certificate-not-after'] ?? '') - Date.now()) / 60_000;
}
