import { describe, expect, test } from '@jest/globals';
import { hasCode } from '../../../../../src/errors/action-error.ts';
import { parseConfiguration } from '../../../../../src/nats/conf/reader/parse.ts';
import { joinsClusters } from '../../../../../src/nats/conf/settings/joined-clusters.ts';
import { type DecidedSettings, mergeConfiguration } from '../../../../../src/nats/conf/settings/merge.ts';
import { buildServerConfiguration, type ServerSettings } from '../../../../../src/nats/conf/writer/server.ts';

const ROUTES = ['tls://route:route-password@nats-0.default.svc:6222'];
const JETSTREAM = { storeDirectory: '/data', maxFileBytes: 1024, maxMemoryBytes: 1024 };
const settings: ServerSettings = {
  clusterName: 'east',
  logging: { debug: false, trace: false, logtime: true },
  limits: {},
  files: { serverCertificate: '/s.crt', serverKey: '/s.key', clientTrust: '/ca.crt', routeTrust: '/route-ca.crt' },
  clientVerify: 'none',
  clientUsers: [{ user: 'app', password: 'app-password' }],
  users: [],
  jetstream: undefined,
  probeUser: { user: 'probe', password: 'probe-password' },
  probeSubjectPrefix: 'proof',
  systemUser: { user: 'system', password: 'system-password' },
  routeUser: { user: 'route', password: 'route-password' },
  routes: ROUTES,
};
const several = { jetstream: JETSTREAM };
const alone = { jetstream: JETSTREAM, routes: undefined };

const treeOf = (text: string) =>
  parseConfiguration({ input: 'config', file: 'my.conf', text }, { files: new Map(), environment: new Set() });

/** Returns the messages of the violations, without their places. */
function refusals(text: string, change: Partial<ServerSettings & DecidedSettings> = {}): readonly string[] {
  const decided = { ...settings, ...change };
  try {
    mergeConfiguration(buildServerConfiguration(decided), decided, { input: 'config', tree: treeOf(text) });
    return [];
  } catch (error) {
    if (!hasCode(error, 'INPUT_INVALID')) throw error;
    return error.details.violations.map(({ message }) => message.replace(/^my\.conf:\d+:\d+: /, ''));
  }
}

describe('a field that this action sets is refused even if the generated configuration lacks it', () => {
  const clusterBlock = 'cluster { name: mine, listen: "0.0.0.0:6222", routes: ["nats://nats-0.nats:6222"] }';

  test.each([
    ['three servers', {}],
    ['three servers with JetStream', several],
    ['one standalone server with JetStream', alone],
  ])('in a cluster block: %s', (_, change) => {
    expect(refusals(clusterBlock, change)).toHaveLength(3);
  });

  test('except for other fields in the same block', () => {
    expect(refusals('cluster { pool_size: 5, compression: on }', alone)).toEqual([]);
  });

  test.each([{}, several, alone])('as a port of the Services: %p', (change) => {
    expect(refusals('websocket { port: 6222 }', change)).toEqual(['got a port that is already in use in the pod']);
  });

  test('as the port of the metrics exporter, only if it runs', () => {
    const text = 'leafnodes { port: 7777 }';
    expect(refusals(text, { exporterPort: 7777 })).toEqual(['got a port that is already in use in the pod']);
    expect(refusals(text)).toEqual([]);
  });

  test.each([{}, several])('as the name of a gateway: %p', (change) => {
    const gateway = (name: string) => `gateway { name: ${name}, port: 7222, tls { cert_file: "/c", key_file: "/k" } }`;
    expect(refusals(gateway('east'), change)).toEqual([]);
    expect(refusals(gateway('west'), change)).toHaveLength(1);
  });
});

describe('a connection between NATS clusters', () => {
  const gateway = (own: string) =>
    `gateway { port: 7222, tls { cert_file: "/c", key_file: "/k" }, gateways: [${own}, {name: west, url: "tls://west.x.svc:7222"}] }`;

  test('is refused for one server with JetStream, because that server would not start', () => {
    expect(refusals(gateway('{name: east, url: "tls://east-headless.x.svc:7222"}'), alone)).toEqual([
      expect.stringContaining('single server with JetStream'),
    ]);
  });

  test.each([
    '{name: east, url: "tls://east.x.svc:7222"}',
    '{name: east, url: "nats://u:p@east:7222"}',
    '{name: east, urls: ["tls://east.x.svc:7222"]}',
  ])('is refused through a Service that has only ready servers: %s', (own) => {
    expect(refusals(gateway(own), several)).toEqual([expect.stringContaining('Service `east`')]);
    expect(refusals(gateway(own), {})).toEqual([]);
  });

  test('is accepted through the headless Service, and the gate takes it into account', () => {
    const text = gateway('{name: east, url: "tls://east-headless.x.svc:7222"}');
    expect(refusals(text, several)).toEqual([]);
    expect([joinsClusters(treeOf(text)), joinsClusters(treeOf('debug: false'))]).toEqual([true, false]);
  });

  test.each([
    ['a value that is not a block', 'gateway: hunter2'],
    ['an address that is not a text', 'gateway { gateways: [{name: east, url: 5}] }'],
    ['remotes that are not a list', 'gateway { gateways: hunter2 }'],
  ])('is checked only as far as it has addresses: %s', (_, text) => {
    const own = refusals(text, several);
    expect(own).toEqual(refusals(text, {}));
    expect(own.join()).not.toContain('hunter2');
  });

  test('is refused for a leaf node with the system account if JetStream is enabled', () => {
    const leaf = (...accounts: readonly string[]) =>
      `leafnodes { remotes: [${accounts.map((account) => `{ url: "tls://hub:7422", account: "${account}" }`).join()}] }`;
    expect(refusals(leaf('$SYS'), several)).toEqual([expect.stringContaining('"$SYS"')]);
    expect(refusals(leaf('APP', '$SYS'), several)).toEqual([expect.stringContaining('"$SYS"')]);
    expect(refusals(leaf('$SYS'), {})).toEqual([]);
    expect(refusals(leaf('APP'), several)).toEqual([]);
    expect(refusals(leaf(), several)).toEqual([]);
  });
});

describe('route permissions', () => {
  const permissions = (text: string): string => `cluster { permissions ${text} }`;

  test.each([
    ['allow everything', '{ import: ">", export: ">" }'],
    ['are missing', '{ }'],
    [
      'allow more than is needed',
      '{ import: ["orders.>", "$SYS.>", "proof.>"], export: { allow: ["$SYS.>", "*.>"] } }',
    ],
    ['deny subjects that are not needed', '{ import: { deny: "secret.>" } }'],
    ['deny only the subject above a needed one', '{ import: { deny: ["$SYS", "*"] } }'],
    ['deny nothing', '{ import: { deny: [] } }'],
  ])('are accepted if they %s', (_, text) => {
    expect(refusals(permissions(text))).toEqual([]);
  });

  test.each([
    ['only some subjects', '{ import: "orders.>", export: ">" }', '$SYS.>'],
    ['too few subjects below one', '{ import: ["$SYS.REQ.>", "proof.>"] }', '$SYS.>'],
    ['no subject of the probes', '{ export: ["$SYS.>"] }', 'proof.>'],
    ['an empty list', '{ import: [] }', '$SYS.>'],
    ['one level of subjects', '{ import: ["$SYS.*", "proof.*"] }', '$SYS.>'],
    ['only deeper subjects', '{ import: ["$SYS.*.>", "proof.*.>"] }', '$SYS.>'],
    ['other subjects, in the long form', '{ import: { allow: "orders.>", deny: "secret.>" } }', '$SYS.>'],
    ['nothing', '{ import: { deny: ">" } }', '$SYS.>'],
    ['all but one of several', '{ import: { deny: ["secret.>", "proof.x"] } }', 'proof.>'],
    ['all but a needed subject', '{ export: { deny: ["$SYS.REQ.*"] } }', '$SYS.>'],
    ['all but a wildcard', '{ import: { allow: ">", deny: "*.x" } }', '$SYS.>'],
  ])('are refused if they allow %s', (_, text, subject) => {
    expect(refusals(permissions(text))).toEqual([expect.stringContaining(`\`${subject}\``)]);
  });

  test('must allow the whole prefix of the probes', () => {
    const change = { probeSubjectPrefix: 'proof.east' };
    expect(refusals(permissions('{ import: ["$SYS.>", "proof.east.>"] }'), change)).toEqual([]);
    expect(refusals(permissions('{ import: ["$SYS.>", "proof.west.>"] }'), change)).toHaveLength(1);
  });

  test('must allow the subjects of JetStream if servers run it', () => {
    const some = permissions('{ import: ["$SYS.>", "proof.>"] }');
    expect(refusals(some)).toEqual([]);
    expect(refusals(some, several)).toEqual([expect.stringContaining('`$JS.>`')]);
  });
});
