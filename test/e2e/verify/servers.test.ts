import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { listVerifyPermissions } from '../../../src/manifests/permissions.ts';
import { type Ca, parseCa } from '../../../src/pki/ca.ts';
import { makeAccount } from '../../support/account.ts';
import type { ActionResult } from '../../support/action.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { type Annotation, canaries, expectFailure } from '../../support/failure.ts';
import { makeUnknownCa } from '../../support/intruder.ts';
import { completeMesh, readSecret, readServerVariables, routesOf } from '../../support/live-cluster.ts';
import { editSecret, MERGE, readObjectVersions } from '../../support/objects.ts';
import { reachServers, type ServerReach } from '../../support/server-reach.ts';
import { makeLeaf } from '../../unit/support/issuance.ts';

const INPUTS = { replicas: '2', ...canaries };

describe('verify with unchanged objects', () => {
  let deployment: TestDeployment;
  let reach: ServerReach;
  let kubeconfig: string;
  let revision: string;

  beforeAll(async () => {
    deployment = await makeDeployment('verify-servers');
    reach = reachServers(deployment.space);
    kubeconfig = await makeAccount(deployment.space, 'verifier', listVerifyPermissions('mesh'));
    revision = (await deployment.requireRun(INPUTS)).outputs['revision'] ?? '';
  });

  afterAll(async () => {
    await reach.close();
    await deployment.remove();
  });

  const verify = async (): Promise<ActionResult> => await deployment.run({ command: 'verify', kubeconfig });
  const failing = async (): Promise<Annotation> => {
    const before = await readObjectVersions(deployment);
    const annotation = expectFailure(await verify());
    expect(await readObjectVersions(deployment)).toEqual(before);
    return annotation;
  };
  const expectVerified = async (phase: string): Promise<void> => {
    const result = await verify();
    if (result.exitCode !== 0) throw new Error(`verify ended with ${result.exitCode}:\n${result.stdout}`);
    expect(result.outputs).toMatchObject({ result: 'verified', changed: 'false', 'rotation-phase': phase });
    expect(routesOf(result)).toEqual(completeMesh(2));
  };

  /** Makes the server of pod nats-1, and no other server, load a route certificate that is not stored in any object. */
  const presentAtRoutes = async (authority: Ca): Promise<void> => {
    const { leaf, privateKeyPem } = await makeLeaf(authority, {
      commonName: 'nats-1',
      subjectAltNames: { dnsNames: [`nats-1.${deployment.space.name}.svc`], ipAddresses: [] },
      notAfter: authority.certificate.notAfter,
    });
    const restore = await editSecret(deployment.space, 'tls-nats-routes', () => ({
      'route-nats-1.crt': leaf.pem,
      'route-nats-1.key': privateKeyPem,
    }));
    await reach.reload('nats-1', async () => {
      const { fingerprint256 } = await reach.presented('nats-1', 6222);
      return fingerprint256.replaceAll(':', '').toLowerCase() === leaf.fingerprint256;
    });
    await restore();
  };

  test('succeeds', async () => {
    await expectVerified('idle');
  });

  test('fails on a server that presents a route certificate of another CA', async () => {
    await presentAtRoutes(await makeUnknownCa());
    const { title, text } = await failing();
    expect(title).toBe('MESH_INSECURE (ServerCertificateRefused)');
    expect(text).toContain('nats-1');
    expect(text).not.toContain('nats-0');
  });

  test('fails on a server that presents another certificate of the right CA', async () => {
    const texts = await readSecret(deployment.space, 'nats-authorities');
    await presentAtRoutes(parseCa(texts['route-ca.crt'] ?? '', texts['route-ca.key'] ?? ''));
    const { title, text } = await failing();
    expect(title).toBe('MESH_INSECURE (OtherCertificate)');
    expect(text).toContain('nats-1');
    expect(text).not.toContain('nats-0');
  });

  test('fails on a server that runs another revision', async () => {
    const other = `${revision.slice(0, -4)}0000`;
    const restore = await editSecret(deployment.space, 'nats-config', ({ 'nats.conf': text = '' }) => ({
      'nats.conf': text.replaceAll(revision, other),
    }));
    await reach.reload('nats-1', async () => {
      const { tags } = await readServerVariables(deployment.space, 'nats-1');
      return Array.isArray(tags) && tags.includes(`rev:${other}`);
    });
    await restore();
    const { title, text } = await failing();
    expect(title).toBe('DRIFT (ServersDiffer)');
    expect(text).toContain('nats-1: runs another configuration');
    expect(text).not.toContain('nats-0: ');
  });

  test('succeeds after a deploy has restored the servers', async () => {
    await deployment.requireRun(INPUTS);
    await reach.reload('nats-1', async () => true); // No revision has the earlier certificate.
    await expectVerified('idle');
  });

  test('fails on a missing peer', async () => {
    const { core, name: namespace } = deployment.space;
    const ref = { name: 'nats-1', namespace };
    const hold = async (finalizers: readonly string[] | null): Promise<void> => {
      await core.patchNamespacedPod({ ...ref, body: { metadata: { finalizers } } }, MERGE);
    };
    await hold(['test.example.com/held']); // The finalizer delays the deletion, so no new pod replaces this one.
    await core.deleteNamespacedPod({ ...ref, gracePeriodSeconds: 1 });
    const { title, text } = expectFailure(await verify());
    expect(title).toBe('DRIFT (ServersDiffer)');
    expect(text).toContain('nats-1');
    await hold(null);
    await deployment.requireRun(INPUTS);
    await expectVerified('idle');
  });

  test('succeeds in the middle of a full rotation', async () => {
    const rotation = { command: 'rotate', 'rotate-targets': 'all', force: 'true', 'ca-overlap': '1h' };
    const { outputs } = await deployment.requireRun(rotation);
    expect(outputs).toMatchObject({ result: 'rotating', 'rotation-phase': 'overlap' });
    await expectVerified('overlap');
  });
});
