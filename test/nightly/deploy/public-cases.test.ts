import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type PublicCase, recordCase } from '../../faults/cases.ts';
import { isReady } from '../../faults/visible.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { eventually } from '../../support/eventually.ts';
import { errorTitle, readPodUids, readSecret } from '../../support/live-cluster.ts';
import { LoadClient } from '../../support/load-client.ts';
import type { LoadTarget } from '../../support/load-session.ts';
import { readObjectVersions } from '../../support/objects.ts';
import { reachServers } from '../../support/server-reach.ts';
import { makeTestStorage } from '../../support/storage.ts';

type Inputs = Readonly<Record<string, string>>;

const MEMORY = { jetstream: 'true', 'jetstream-storage': '0', 'jetstream-memory': '16Mi' } as const;

/** Runs a step that must fail before it writes anything. Returns the log. */
async function refuse(deployment: TestDeployment, inputs: Inputs, met: PublicCase): Promise<string> {
  const before = await readObjectVersions(deployment);
  const result = await deployment.run(inputs);
  expect([result.exitCode, errorTitle(result)]).toEqual([1, 'INPUT_INVALID']);
  expect(await readObjectVersions(deployment)).toEqual(before);
  await recordCase(met, result, deployment);
  return result.stdout;
}

describe('accounts that reserve more than any single server of three has', () => {
  const HR = `accounts { HR {
  jetstream { max_mem: 512MB, max_file: 500MB, max_streams: 10, max_consumers: 100 }
  users: [ { user: hr, password: "hr-password-1" } ]
} }`;

  test('are accepted, and every server keeps them over a restart', async () => {
    const deployment = await makeDeployment('reserved');
    const storage = await makeTestStorage(deployment.space);
    try {
      const className = { 'jetstream-storage-class': storage.className };
      const given = { jetstream: 'true', 'jetstream-storage': '100Mi', ...className };
      await deployment.requireRun(given);
      const result = await deployment.requireRun({ ...given, config: HR });
      expect(result.outputs).toMatchObject({ result: 'deployed', 'ready-replicas': '3' });
      await restart(deployment, 'nats-2');
      expect((await deployment.requireRun({ command: 'verify' })).outputs).toMatchObject({ result: 'verified' });
      const title = '1a: an account reserves more than any single server of three has';
      await recordCase({ slug: '01-a-three-servers', title }, result, deployment);
    } finally {
      await storage.remove();
      await deployment.remove();
    }
  });
});

describe('with one running server,', () => {
  let deployment: TestDeployment;

  beforeAll(async () => {
    deployment = await makeDeployment('published');
    await deployment.requireRun({ replicas: '1', ...MEMORY });
  });

  afterAll(async () => {
    await deployment.remove();
  });

  async function expectUntouched(uids: Inputs): Promise<void> {
    expect(await readPodUids(deployment.space)).toEqual(uids);
    expect((await deployment.requireRun({ command: 'verify' })).outputs).toMatchObject({ result: 'verified' });
  }

  test.each([
    ['the running server', 'nats', '8: a running single server gets a cluster block'],
    ['a new server', 'preview', '8: a new single server with JetStream gets a cluster block'],
  ])('a cluster block is refused for %s, field by field', async (_, name, title) => {
    const config = `cluster {\n  name: mine\n  listen: "0.0.0.0:6222"\n  routes: ["nats://nats-0.nats:6222"]\n}\n`;
    const uids = await readPodUids(deployment.space);
    const inputs = { name, replicas: '1', ...MEMORY, config };
    const log = await refuse(deployment, inputs, { slug: `08-a-block-${name}`, title });
    for (const field of ['name', 'listen', 'routes']) expect(log).toContain(`remove \`cluster.${field}\``);
    await expectUntouched(uids);
  });

  test('route settings are accepted for one server with JetStream, and open no port', async () => {
    const config = 'cluster { pool_size: 5, compression: s2_auto }';
    const result = await deployment.requireRun({ name: 'tuned', replicas: '1', ...MEMORY, config });
    expect(result.outputs).toMatchObject({ result: 'deployed' });
    await recordCase({ slug: '08-b-tuned', title: '8: a single server gets route settings' }, result, deployment);
  });

  test('gateways through a Service of Ready servers are refused with the Service to use', async () => {
    const { name } = deployment.space;
    const remotes = ['east', 'west'].map((remote) => `{ name: ${remote}, url: "tls://${remote}.${name}.svc:7222" }`);
    const tls = 'tls { cert_file: "/etc/nats/gateway.crt", key_file: "/etc/nats/gateway.key" }';
    const config = `gateway {\n  port: 7222\n  ${tls}\n  gateways: [ ${remotes.join(', ')} ]\n}\n`;
    const inputs = { name: 'east', replicas: '2', 'anti-affinity': 'none', ...MEMORY, config };
    const title = '6: gateways connect two NATS clusters with JetStream through Services of Ready servers';
    expect(await refuse(deployment, inputs, { slug: '06-a-services', title })).toContain('east-headless');
  });

  test('variables of Helm chart values are refused with the expression to write, also in double quotes', async () => {
    const values = (password: string): string =>
      `accounts:\n  APP:\n    jetstream: true\n    users:\n      - { user: app1, password: ${password} }\n`;
    const title = '17: chart values use a variable as a password';
    const inputs = { replicas: '1', ...MEMORY };
    const bare = { slug: '17-a-bare', title };
    const log = await refuse(deployment, { ...inputs, config: values('<< $APP_PASSWORD >>') }, bare);
    expect(log).toContain('${{ secrets.NAME }}');
    expect(log).not.toContain('put the value in double quotes');
    const quoted = { slug: '17-b-quoted', title: `${title}, in double quotes` };
    const again = await refuse(deployment, { ...inputs, config: values('"$APP_PASSWORD"') }, quoted);
    expect(again).toContain('${{ secrets.NAME }}');
  });

  test.each([
    ['domain', ['domain'], 'jetstream { domain: hub }\nleafnodes { port: 7422 }\n'],
    [
      'encryption',
      ['key', 'cipher', 'sync_interval', 'unique_tag'],
      'jetstream {\n  key: "an-encryption-key-of-some-length"\n  cipher: chachapoly\n  sync_interval: always\n  unique_tag: "az:"\n}\n',
    ],
  ])('%s of JetStream is refused with each field that no input sets', async (feature, fields, config) => {
    const met = { slug: `18-${feature}`, title: `18: the ${feature} of JetStream is configured` };
    const log = await refuse(deployment, { replicas: '1', ...MEMORY, config }, met);
    for (const field of fields) expect(log).toContain(`remove \`jetstream.${field}\`; no input sets it`);
    expect(log).not.toContain('set the input `jetstream`');
  });
});

test('passwords that equal words of the outputs cause a warning with the outputs that are lost', async () => {
  const deployment = await makeDeployment('test');
  try {
    const users = '[{user: till, password: nats}]';
    const result = await deployment.requireRun({ replicas: '1', 'client-password': 'test', users });
    expect(result.outputs).toMatchObject({ name: 'nats', namespace: deployment.space.name });
    for (const [source, output] of [
      ['client-password', 'namespace'],
      ['users', 'name'],
    ] as const) {
      expect(result.stdout).toMatch(new RegExp(`^::warning title=Secrets::.*\`${source}\`: .*\`${output}\``, 'm'));
    }
    const met = { title: '15: a password equals a word of the outputs', line: /^::warning title=Secrets::/ };
    await recordCase({ slug: '15-word', ...met }, result, deployment);
  } finally {
    await deployment.remove();
  }
});

test('deploy creates a lost CA Secret again, and clients that trust the old CA can connect', async () => {
  const deployment = await makeDeployment('lost-authorities');
  const { core, name: namespace } = deployment.space;
  const reach = reachServers(deployment.space);
  const clients: LoadClient[] = [];
  try {
    await deployment.requireRun();
    const {
      username: user = '',
      password = '',
      'ca.crt': old = '',
    } = await readSecret(deployment.space, 'nats-client');
    const target = (trust: string): LoadTarget => ({
      dial: async () => await reach.dial('nats-0', 4222),
      trust,
      serverName: `nats-0.${namespace}.svc`,
      credentials: { user, password },
    });
    const connect = async (trust: string): Promise<LoadClient> => {
      const client = new LoadClient(target(trust));
      clients.push(client);
      await eventually('a client is connected', 30, async () => client.isConnected || undefined);
      return client;
    };
    const stays = await connect(old);
    await core.deleteNamespacedSecret({ name: 'nats-authorities', namespace });
    const verified = await deployment.run({ command: 'verify' });
    expect(errorTitle(verified)).toBe('DRIFT (Drifted)');
    expect(verified.stdout).toContain('Secret/nats-authorities: is missing');
    const result = await deployment.requireRun();
    const { 'ca.crt': both = '' } = await readSecret(deployment.space, 'nats-client');
    expect(both.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    await connect(old);
    await connect(both);
    expect(stays.disconnects).toBe(0);
    expect((await deployment.requireRun({ command: 'verify' })).outputs).toMatchObject({ result: 'verified' });
    const title = 'A5: the CA Secret is deleted';
    await recordCase({ slug: 'a5-a-verify', title: `${title}; verify` }, verified, deployment);
    await recordCase({ slug: 'a5-a-deploy', title: `${title}; deploy` }, result, deployment);
  } finally {
    await Promise.all(clients.map(async (client) => await client.close()));
    await reach.close();
    await deployment.remove();
  }
});

/** Deletes a pod, and waits until the next one of its name is ready. */
async function restart({ space: { core, name: namespace } }: TestDeployment, name: string): Promise<void> {
  const before = await core.readNamespacedPod({ name, namespace });
  await core.deleteNamespacedPod({ name, namespace });
  await eventually(`${name} is ready again`, 120, async () => {
    const pod = await core.readNamespacedPod({ name, namespace }).catch(() => undefined);
    return (pod !== undefined && pod.metadata?.uid !== before.metadata?.uid && isReady(pod)) || undefined;
  });
}
