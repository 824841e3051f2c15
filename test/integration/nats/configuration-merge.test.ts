import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ConfBlock } from '../../../src/nats/conf/reader/value.ts';
import { parseComplaints } from '../../../src/nats/conf/settings/complaints.ts';
import { mergeConfiguration } from '../../../src/nats/conf/settings/merge.ts';
import { readConfiguration } from '../../../src/nats/conf/settings/sources.ts';
import { renderConfiguration } from '../../../src/nats/conf/writer/write.ts';
import { checkWithServer } from '../../support/configuration-check.ts';
import { type NatsServer, startNatsServer } from '../../support/nats-server.ts';
import { nkey, operatorJwt } from '../../support/nkeys.ts';
import { hostilePassword, type LoopbackCluster, makeLoopbackCluster, type Place, users } from './loopback-cluster.ts';

const account = nkey('account').publicKey;

let cluster: LoopbackCluster;
let place: Place;
let server: NatsServer | undefined;

beforeEach(async () => {
  cluster = await makeLoopbackCluster();
  const [only] = await cluster.places(1);
  if (only === undefined) throw new Error('one place was asked for');
  place = only;
});

afterEach(async () => {
  await server?.stop();
  server = undefined;
  await cluster.stop();
});

/** Merges the generated configuration of one server with the configuration of a user. */
function mergedTree(text: string, file = 'config'): ConfBlock {
  const environment = new Set(Object.keys(cluster.environment(place)));
  const read = (source: string, name: string) =>
    readConfiguration({ input: 'config', file: name, text: source }, { files: new Map(), environment });
  const generated = read(cluster.configuration(place, [place]), 'generated.conf');
  const settings = { clusterName: 'nats', routes: [], jetstream: undefined, probeSubjectPrefix: 'proof' };
  return mergeConfiguration(generated, settings, { input: 'config', tree: read(text, file) }).configuration;
}

function merged(text: string): string {
  return renderConfiguration(mergedTree(text));
}

/**
 * The examples of docs/from-nats-conf.md, except those with a gateway, because the files of a gateway do not exist
 * here.
 */
const documented = [...(await readFile('docs/from-nats-conf.md', 'utf8')).matchAll(/^```conf\n([^]*?)^```$/gm)]
  .map(([, text = '']) => text)
  .filter((text) => !text.startsWith('gateway'))
  .map((text) => [`documented: ${text}`, () => text] as const);

const examples: readonly (readonly [string, () => string])[] = [
  ...documented,
  [
    'accounts',
    () => `accounts {
    ORDERS { users: [ {user: o, password: o} ], exports: [ {stream: "orders.>"} ] }
    SHOP { users: [ {user: s, password: $2a$11$W2zko751KUvVy59mUTWmpOdWjpEm5qhcCZRd05GjI/sSOT.xtiHyG} ]
           imports: [ {stream: {account: ORDERS, subject: "orders.>"}} ] }
  }
  no_auth_user: s`,
  ],
  ['accounts by name', () => 'accounts: [A, B ]\ncluster { accounts: [A ], pool_size: 5 }'],
  [
    'a list of users by a variable',
    () =>
      'P: {publish: "x"}\nU: [ {user: u, password: p, permissions: $P} ]\nauthorization { users: $U, default_permissions: $P }',
  ],
  [
    'a callout',
    () =>
      `authorization { users: [ {user: auth, password: p} ], auth_callout { issuer: ${account}, auth_users: [auth ] } }`,
  ],
  ['websocket', () => 'websocket { port: 8080, same_origin: true }'],
  ['websocket without TLS', () => 'websocket { listen: "0.0.0.0:8080", no_tls: true }'],
  ['leaf nodes', () => 'leafnodes { port: 7422, remotes: [ {url: "tls://hub.example.com:7422", account: "$G"} ] }'],
  [
    'a gateway',
    () => {
      const { certificate, key, trust } = cluster.certificates.route;
      return `gateway { port: 7222, tls { cert_file: "${certificate}", key_file: "${key}", ca_file: "${trust}" }, gateways: [ {name: west, url: "nats://west.example.com:7222"} ] }`;
    },
  ],
  ['MQTT', () => 'mqtt { port: 1883 }'],
  [
    'a memory resolver',
    () => `operator: ${operatorJwt(nkey('operator'), account)}\nresolver: MEMORY\nsystem_account: ${account}`,
  ],
  [
    'a resolver with a directory',
    () =>
      `operator: ${operatorJwt(nkey('operator'), account)}\nresolver { type: full, dir: "${cluster.certificates.server.key}.d", allow_delete: true }`,
  ],
  ['trusted keys', () => `trusted: [${nkey('operator').publicKey} ]\nresolver: MEM\nsystem_account: ${account}`],
  [
    'tags, limits and TLS',
    () => 'server_tags: [a, b ]\nmax_subs: 10k\ntls { min_version: "1.3" }\ncluster { compression: s2_fast }',
  ],
  [
    'the same things once more',
    () => 'server_name: $SERVER_NAME\ndebug: off\nsystem_account: "$SYS"\ncluster { name: nats }',
  ],
  ['YAML', () => 'accounts:\n  A:\n    users:\n      - user: a\n        password: "3k"\nmax_pending: 128MB\n'],
];

describe.each(['2.10.29', '2.12.15', '2.15.2'] as const)('the merged configuration on nats-server %s', (version) => {
  test.each(examples)('is accepted with %s', async (_, text) => {
    const environment = cluster.environment(place);
    const { accepted, output } = await checkWithServer(version, { text: merged(text()), environment });
    expect(accepted ? '' : output).toBe('');
  });

  test('is refused with the wrong line of the user', async () => {
    const tree = mergedTree(
      '\nping_max: 3\n\nauthorization {\n  tiemout: 3\n  users: [\n    {user: u, password: 12345678}\n  ]\n}\nmax_sbus: 5\n',
    );
    const environment = cluster.environment(place);
    const { accepted, output } = await checkWithServer(version, { text: renderConfiguration(tree), environment });
    const complaints = parseComplaints(output, tree, 'config');
    expect(accepted).toBe(false);
    expect(new Set(complaints.map(({ at }) => at?.line))).toEqual(new Set([5, 7, 10]));
  });

  test('serves the users of the action and those of the user', async () => {
    server = await started(
      version,
      `authorization { default_permissions { publish { deny: ">" } } }
      accounts { A { users: [ {user: "a b", password: "3k"} ] }
        "$SYS" { default_permissions { publish { deny: ">" } }, users: [ {user: admin, password: p} ] } }`,
    );
    const [client, probe, theirs] = await Promise.all([
      cluster.connect(place, users.client.user, hostilePassword),
      cluster.connect(place, users.probe.user, users.probe.password),
      cluster.connect(place, 'a b', '3k'),
    ]);
    const seen = probe.subscribe('proof.x', { max: 1 });
    await probe.flush();
    client.publish('proof.x', 'from ours');
    theirs.publish('proof.x', 'from another account');
    for await (const message of seen) expect(message.string()).toBe('from ours');
    expect((await cluster.observe(place)).varz.tags).toEqual(['rev:r1']);
    await Promise.all([client.close(), probe.close(), theirs.close()]);
  });

  test('lets the users of the action in without an auth callout', async () => {
    server = await started(
      version,
      `authorization { users: [ {user: auth, password: p} ], auth_callout { issuer: ${account}, auth_users: [auth ] } }`,
    );
    const client = await cluster.connect(place, users.client.user, hostilePassword);
    await client.close();
    expect((await cluster.observe(place)).varz.serverName).toBe(place.name);
  });
});

async function started(version: '2.10.29' | '2.12.15' | '2.15.2', text: string): Promise<NatsServer> {
  const environment = cluster.environment(place);
  return await startNatsServer({ version, configuration: merged(text), environment, ...place.ports });
}
