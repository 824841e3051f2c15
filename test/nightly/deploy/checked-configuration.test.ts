import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { listDeployPermissions } from '../../../src/manifests/permissions.ts';
import { makeAccount } from '../../support/account.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { eventually } from '../../support/eventually.ts';
import { expectNoSecret } from '../../support/failure.ts';
import { errorTitle, readPodUids } from '../../support/live-cluster.ts';
import { readObjectVersions } from '../../support/objects.ts';
import { makeAuthority, makeLeaf } from '../../unit/support/issuance.ts';

const PASSWORD = 'canary/checked%1';
const USERS = `accounts {\n  SHOP { users: [ {user: till, password: "${PASSWORD}"} ] }\n}\n`;
const OLD = { replicas: '2', 'anti-affinity': 'preferred', image: 'nats:2.12.15' } as const;
const NEW = { ...OLD, image: 'nats:2.15.2' } as const;

describe('a temporary pod checks the configuration before any server restarts', () => {
  let deployment: TestDeployment;

  beforeAll(async () => {
    deployment = await makeDeployment('checked');
    await deployment.requireRun({ ...OLD, config: USERS });
  });

  afterAll(async () => {
    await deployment.remove();
  });

  /** Expects that only servers and their own Secrets are left. */
  async function expectNothingLeft(): Promise<void> {
    const { core, name: namespace } = deployment.space;
    expect(Object.keys(await readPodUids(deployment.space)).toSorted()).toEqual(['nats-0', 'nats-1']);
    await eventually('no Secret of a pod that is gone', 30, async () => {
      const { items } = await core.listNamespacedSecret({ namespace });
      return items.every(({ metadata }) => metadata?.name?.includes('-check-') === false) || undefined;
    });
  }

  test('for another image, and reports file and line of an error', async () => {
    const before = await readObjectVersions(deployment);
    const result = await deployment.run({ ...NEW, config: `${USERS}max_subscriptions: "many"\n` });
    expect(errorTitle(result)).toBe('INPUT_INVALID');
    expect(result.stdout).toContain('config:4:');
    expectNoSecret(result, [PASSWORD]);
    expect(await readObjectVersions(deployment)).toMatchObject(before);
    await expectNothingLeft();
  });

  test('for another image with the same configuration', async () => {
    const { stdout } = await deployment.requireRun({ ...NEW, config: USERS });
    expect(stdout).toMatch(/^configuration: nats:2\.15\.2 accepts it$/m);
    await expectNothingLeft();
  });

  test('with new files', async () => {
    const { authority, certificatePem } = await makeAuthority();
    const leaf = await makeLeaf(authority, { commonName: 'leafnodes', serial: randomBytes(16) });
    const files = stringify({
      'leaf.crt': leaf.certificatePem,
      'leaf.key': leaf.privateKeyPem,
      'leaf-ca.crt': certificatePem,
    });
    const tls = 'cert_file: "/etc/nats/leaf.crt", key_file: "/etc/nats/leaf.key", ca_file: "/etc/nats/leaf-ca.crt"';
    const config = `${USERS}leafnodes { port: 7422, tls { ${tls} } }\n`;
    const missing = await deployment.run({ ...NEW, config });
    expect(errorTitle(missing)).toBe('INPUT_INVALID');
    expect(missing.stdout).toContain('/etc/nats/leaf.crt');
    const { stdout } = await deployment.requireRun({ ...NEW, config, files });
    expect(stdout).toMatch(/^configuration: nats:2\.15\.2 accepts it$/m);
    expect((await deployment.requireRun({ command: 'verify' })).outputs).toMatchObject({ result: 'verified' });
    await expectNothingLeft();
  });

  test('unless the credentials may not create pods', async () => {
    const rules = listDeployPermissions({
      createNamespace: false,
      networkPolicy: false,
      config: false,
      metrics: false,
      jetstream: false,
    });
    const kubeconfig = await makeAccount(deployment.space, 'limited', rules);
    const { stdout } = await deployment.requireRun({ ...OLD, config: USERS, kubeconfig });
    expect(stdout).toMatch(/^configuration: not checked by a pod of nats:2\.12\.15, because .* forbids POST .*pods/m);
  });
});
