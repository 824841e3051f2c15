import type { TestNamespace } from '../support/namespace.ts';
import { testOperator } from '../support/operator.ts';
import { type IssuedAuthority, makeAuthority, makeLeaf } from '../unit/support/issuance.ts';
import type { Inputs } from './hold-laws.ts';
import { type Base, PASSWORDS, RELEASE, type Row, row } from './rows.ts';

const [OLDEST, NEWEST] = ['nats:2.10.29', 'nats:2.15.2'];

/**
 * The changes that each of these bases takes: by a reload, a rolling restart, a recreation, and in both directions of
 * scale.
 */
const COMMON: readonly Row[] = [
  row('debug', { debug: 'true' }),
  row('resources', { resources: '{requests: {cpu: 60m, memory: 64Mi}}' }),
  row('overrides that recreate', { overrides: 'StatefulSet/servers: {spec: {podManagementPolicy: OrderedReady}}' }),
  row('replicas, more', { replicas: '4' }),
  row('replicas, fewer', { replicas: '2' }),
  row('subject-alt-names', { 'subject-alt-names': 'nats.example.com' }),
];

const account = (name: string, jetstream: string): string =>
  `${name} { ${jetstream}users: [{user: ${name.toLowerCase()}, password: "of-${name}-1"}] }`;

function baseWith(
  title: string,
  inputs: Inputs,
  rows: readonly Row[],
  prepare: Base['prepare'] = async () => {},
): Base {
  return {
    title,
    inputs: { image: NEWEST, replicas: '3', 'anti-affinity': 'preferred', ...PASSWORDS, ...inputs },
    hasStreams: false,
    rows: [...COMMON, ...rows],
    prepare,
  };
}

const MEMORY: Inputs = { jetstream: 'true', 'jetstream-storage': '0', 'jetstream-memory': '64Mi' };

export const IN_MEMORY: Base = baseWith('JetStream in memory', { ...MEMORY, image: OLDEST }, [
  row('jetstream to off', { jetstream: 'false', 'jetstream-storage': '', 'jetstream-memory': '' }),
  row('jetstream-memory to more', { 'jetstream-memory': '128Mi' }),
  row('jetstream-memory to less', { 'jetstream-memory': '32Mi' }),
  row('an account with JetStream', { config: `accounts { ${account('HR', 'jetstream: enabled, ')} }` }),
  row('another sync interval', { config: 'jetstream { sync_interval: 1m }' }),
  RELEASE,
]);

/** Two accounts, of which one has JetStream. */
export const WITH_ACCOUNTS: Base = baseWith(
  'accounts with JetStream',
  { ...MEMORY, config: `accounts { ${account('HR', 'jetstream: enabled, ')}, ${account('IT', '')} }` },
  [
    row('accounts to none', { config: '' }),
    row('one account fewer', { config: `accounts { ${account('HR', 'jetstream: enabled, ')} }` }),
    row('the account without JetStream', { config: `accounts { ${account('HR', '')}, ${account('IT', '')} }` }),
    row('JetStream for the other account', {
      config: `accounts { ${account('HR', '')}, ${account('IT', 'jetstream: enabled, ')} }`,
    }),
    row('limits of the account', {
      config: `accounts { ${account('HR', 'jetstream: { max_mem: 10M, max_file: 0 }, ')}, ${account('IT', '')} }`,
    }),
    row('an import between the accounts', {
      config:
        'accounts { HR { jetstream: enabled, users: [{user: hr, password: "of-HR-1"}], exports: [{stream: "HR.>"}] }, ' +
        'IT { users: [{user: it, password: "of-IT-1"}], imports: [{stream: {account: HR, subject: "HR.>"}}] } }',
    }),
    row('a user without a password', {
      config: `accounts { ${account('HR', 'jetstream: enabled, ')}, ${account('IT', '')} }, no_auth_user: it`,
    }),
    row('another name of the account', { config: `accounts { ${account('PEOPLE', 'jetstream: enabled, ')} }` }),
  ],
);

const operator = testOperator();

export const OPERATOR_MODE: Base = baseWith(
  'an operator',
  {
    image: OLDEST,
    'client-password': '',
    config: operator.configuration(),
    'system-credentials': operator.systemUser(),
  },
  [
    row('a resolver in a folder', {
      config: operator.configuration('{ type: full, dir: "/data/jwt", allow_delete: true, interval: "2m" }'),
    }),
    row('other system credentials', { 'system-credentials': operator.systemUser() }),
    row('system credentials to another operator', { 'system-credentials': testOperator().systemUser() }),
    row('operator mode to none', { config: '', 'system-credentials': '' }),
    row('JetStream', MEMORY),
    RELEASE,
  ],
);

/** Users that nats-server finds by their certificates. */
export const CERTIFICATE_LOGIN: Base = baseWith(
  'login by certificate',
  { 'client-verify': 'verify-and-map', 'client-certificates': 'apps, billing', 'client-user': 'apps' },
  [
    row('client-certificates to one more', { 'client-certificates': 'apps, billing, orders' }),
    row('client-certificates to one fewer', { 'client-certificates': 'apps' }),
    row('client-verify to users with passwords', { 'client-verify': 'verify', allow: 'outage' }),
    row('client-verify to none', { 'client-verify': 'none' }),
    row('key-algorithm', { 'key-algorithm': 'ecdsa-p384' }),
    row('client-user', { 'client-user': 'billing' }),
  ],
);

/** All listeners that servers can have in addition to the listener for clients. */
export const ALL_LISTENERS: Base = baseWith(
  'every listener, with JetStream',
  { ...MEMORY, config: 'websocket { port: 8080 }, mqtt { port: 8883 }, leafnodes { port: 7422 }' },
  [
    row('config to none', { config: '' }),
    row('mqtt on another port', {
      config: 'websocket { port: 8080 }, mqtt { port: 1884 }, leafnodes { port: 7422 }',
    }),
    row('leafnodes with a user', {
      config:
        'websocket { port: 8080 }, mqtt { port: 8883 }, ' +
        'leafnodes { port: 7422, authorization { user: leaf, password: "of-the-leaf-1" } }',
    }),
    row('compressed websocket', {
      config: 'websocket { port: 8080, compression: true }, mqtt { port: 8883 }, leafnodes { port: 7422 }',
    }),
  ],
);

/** User-provided certificates, in the layout of cert-manager. */
export const USER_CERTIFICATES: Base = baseWith(
  'user-provided certificates',
  { 'server-tls-secret': 'web-tls', 'route-tls-secret': 'peer-tls' },
  [
    row('server-tls-secret to none', { 'server-tls-secret': '' }),
    row('server-tls-secret to another Secret', { 'server-tls-secret': 'other-tls' }),
    row('route-tls-secret to none', { 'route-tls-secret': '' }),
    row('client-verify', { 'client-verify': 'verify', allow: 'outage' }),
  ],
  async (space) => {
    const [clients, routes] = await Promise.all([makeAuthority(), makeAuthority()]);
    await createTlsSecret(space, 'web-tls', clients);
    await createTlsSecret(space, 'other-tls', clients);
    await createTlsSecret(space, 'peer-tls', routes);
  },
);

async function createTlsSecret({ core, name: namespace }: TestNamespace, name: string, ca: IssuedAuthority) {
  const hosts = ['nats', ...[0, 1, 2, 3].map((ordinal) => `nats-${ordinal}`)];
  const { certificatePem, privateKeyPem } = await makeLeaf(ca.authority, {
    commonName: '',
    subjectAltNames: { dnsNames: hosts.map((host) => `${host}.${namespace}.svc`), ipAddresses: [] },
  });
  const stringData = { 'tls.crt': certificatePem, 'tls.key': privateKeyPem, 'ca.crt': ca.certificatePem };
  await core.createNamespacedSecret({ namespace, body: { metadata: { name }, type: 'kubernetes.io/tls', stringData } });
}
