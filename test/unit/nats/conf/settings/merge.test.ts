import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hasCode, type InputViolation } from '../../../../../src/errors/action-error.ts';
import { parseConfiguration } from '../../../../../src/nats/conf/reader/parse.ts';
import { block, type ConfBlock, type ConfValue, list } from '../../../../../src/nats/conf/reader/value.ts';
import { readMeshSettings } from '../../../../../src/nats/conf/settings/joined-clusters.ts';
import { listListeners } from '../../../../../src/nats/conf/settings/listeners.ts';
import { mergeConfiguration } from '../../../../../src/nats/conf/settings/merge.ts';
import { buildServerConfiguration, type ServerSettings } from '../../../../../src/nats/conf/writer/server.ts';
import { renderConfiguration } from '../../../../../src/nats/conf/writer/write.ts';
import { goJson } from '../../../../support/configuration-digest.ts';
import { configurationValue } from '../../../../support/configuration-tree.ts';
import { settings } from '../../../support/settings.ts';

const environment = new Set(['SERVER_NAME', 'POD_NAME']);

function merge(text: string, change: Partial<ServerSettings> = {}) {
  const tree = parseConfiguration({ input: 'config', file: 'my.conf', text }, { files: new Map(), environment });
  const decided = { ...settings, ...change };
  return mergeConfiguration(buildServerConfiguration(decided), decided, { input: 'config', tree });
}

/** Returns the entry at a path such as `authorization.users`, as JSON. */
function mergedAt(path: string, text: string, change: Partial<ServerSettings> = {}): unknown {
  const { cluster: _, ...entries } = merge(text, change).configuration.entries;
  const own = environmentReplaced({ kind: 'block', entries });
  const json: unknown = JSON.parse(goJson(own));
  return path
    .split('.')
    .reduce<unknown>((value, key) => Object.entries(Object(value)).find(([name]) => name === key)?.[1], json);
}

function environmentReplaced({ entries }: ConfBlock): ConfBlock {
  return { kind: 'block', entries: { ...entries, server_name: 'x', client_advertise: 'x' } };
}

function violations(text: string, change: Partial<ServerSettings> = {}): readonly InputViolation[] {
  try {
    merge(text, change);
  } catch (error) {
    if (hasCode(error, 'INPUT_INVALID')) return error.details.violations;
    throw error;
  }
  return [];
}

test('an empty custom configuration keeps the generated configuration unchanged', () => {
  const generated = buildServerConfiguration(settings);
  expect(renderConfiguration(merge('# nothing').configuration)).toBe(renderConfiguration(generated));
});

describe('a text that looks like a variable', () => {
  test.each([
    ['accounts { A { users: [ { user: a, password: "$APP_PASSWORD" } ] } }'],
    ["authorization { users: [ { user: a, pass: '$app_password' } ] }"],
    ['leafnodes { remotes: [ { url: "tls://a:${PASSWORD}@hub:7422" } ] }'],
    ['mqtt { authorization { token: "$(TOKEN)" } }'],
  ])('is refused as a password or token: %s', (text) => {
    const [violation] = violations(text);
    expect(violation?.message).toMatch(/nothing replaces it/);
    expect(violation?.correction).toContain('${{ secrets.NAME }}');
  });

  test.each([
    ['accounts { A { users: [ { user: a, password: "$2a$04$abc" }, { user: b, password: "a$B" } ] } }'],
    ['accounts { A { users: [ { user: "$A", password: "$ x" } ] } }'],
  ])('is accepted elsewhere: %s', (text) => {
    expect(violations(text).filter(({ message }) => message.includes('nothing replaces it'))).toEqual([]);
  });
});

describe('a field that the generated configuration or an input sets is refused with its line and column', () => {
  test.each([
    ['port: 4223', 'remove `port`'],
    ['Listen: "0.0.0.0:4223"', 'remove `listen`'],
    ['net: 127.0.0.1', 'remove `host`'],
    ['server_name: other', 'remove `server_name`'],
    ['server_name: $POD_NAME', 'remove `server_name`'],
    ['client_advertise: "x:1"', 'remove `client_advertise`'],
    ['monitor_port: 8223', 'remove `http_port`'],
    ['https_port: 8222', 'remove `https_port`'],
    ['lame_duck_duration: "2m"', 'remove `lame_duck_duration`'],
    ['debug: true', 'set the input `debug`'],
    ['trace: on', 'set the input `trace`'],
    ['logtime: no', 'set the input `logtime`'],
    ['trace_verbose: true', 'set the input `trace` to true'],
    ['log_file: "/x"', 'remove `logfile`'],
    ['max_conn: 10', 'set the input `max-connections`'],
    ['max_control_line: 4KB', 'set the input `max-control-line`'],
    ['max_payload: 2KB', 'set the input `max-payload`'],
    ['write_deadline: "3s"', 'set the input `write-deadline`'],
    ['jetstream: true', 'set the input `jetstream`'],
    ['jetstream {}', 'set the input `jetstream`'],
    ['store_dir: "/x"', 'set the input `jetstream-storage`'],
    ['allow_non_tls: true', 'remove `allow_non_tls`'],
    ['system: SYS', 'name the account "$SYS"'],
    ['no_sys_acc: true', 'remove `no_system_account`'],
    ['proxy_protocol: true', 'remove `proxy_protocol`'],
    ['server_tags: ["a", "REV:1" ]', 'write another tag'],
    ['SERVER_NAME: x', 'another name'],
    ['tls: hunter2', 'as a block'],
    ['cluster: hunter2', 'as a block'],
    ['authorization: hunter2', 'as a block'],
    ['accounts: hunter2', 'as a block'],
    ['accounts: [A, 5 ]', 'as a block'],
    ['websocket: hunter2', 'as a block'],
  ])('%s', (text, correction) => {
    const [violation, ...others] = violations(text);
    expect(violation).toMatchObject({ input: 'config', at: { file: 'my.conf', line: 1, column: 1 } });
    expect(violation?.correction).toContain(correction);
    expect(violation?.message).not.toContain('hunter2');
    expect(others).toEqual([]);
  });

  test.each([
    ['jetstream { domain: hub }', ['remove `jetstream.domain`; no input sets it']],
    ['jetstream { key: "hunter2", cipher: aes }', ['`jetstream.key`; no input', '`jetstream.cipher`; no input']],
    ['jetstream { sync_interval: always, unique_tag: "az:" }', ['sync_interval`; no input', 'unique_tag`; no input']],
    ['jetstream { store_dir: "/x", Max_Mem: 1G }', ['input `jetstream-storage`', 'input `jetstream-memory`']],
    [
      'cluster { tls { cert_file: "/x", timeout: 3 } }',
      ['input `route-tls-secret`', '`cluster.tls.timeout`; no input'],
    ],
    ['cluster { authorization { user: a, pass: hunter2 } }', ['input `route-user`', 'input `route-password`']],
  ])('for each field in %s, with the input that sets it', (text, corrections) => {
    const found = violations(text);
    expect(found.map(({ correction }, index) => correction.includes(corrections[index] ?? '?'))).toEqual(
      corrections.map(() => true),
    );
    expect(JSON.stringify(found)).not.toMatch(/hunter2|set the input `jetstream`/);
  });

  test.each([
    ['tls', 'verify: true', 'client-verify', 'none'],
    ['tls', 'cert_file: "/x"', 'server-tls-secret', 'none'],
    ['tls', 'ca_file: "/x"', 'ca-certificate', 'none'],
    ['tls', 'handshake_first: true', 'remove `tls.handshake_first`', 'none'],
    ['cluster', 'name: other', '`name`', 'none'],
    ['cluster', 'listen: 6223', 'remove `cluster.listen`', 'none'],
    ['cluster', 'routes: []', 'replicas', 'none'],
    ['cluster', 'tls {}', 'route-tls-secret', 'none'],
    ['authorization', 'user: a', 'client-user', 'none'],
    ['authorization', 'pass: hunter2', 'client-password', 'none'],
    ['authorization', 'token: hunter2', 'remove `authorization.token`', 'none'],
  ] as const)('in a block: %s { %s }', (name, inner, correction, clientVerify) => {
    const [violation, ...others] = violations(`${name} {\n  ${inner}\n}`, { clientVerify });
    expect(violation).toMatchObject({ input: 'config', at: { line: 2, column: 3 } });
    expect(violation?.correction).toContain(correction);
    expect(violation?.message).not.toContain('hunter2');
    expect(others).toEqual([]);
  });

  test('together with all others', () => {
    expect(violations('port: 1\ncluster { name: x, port: 1 }\ntls { verify_and_map: true }')).toHaveLength(4);
  });

  test.each([
    [
      'at the top',
      'port: 4222\nhttp_port: 8222\nserver_name: $SERVER_NAME\ndebug: off\nmax_payload: 1KB\nsystem_account: "$SYS"',
    ],
    ['in blocks', 'cluster { name: "nats", port: 6222 }\ntls { verify: true }\ntrace_verbose: false'],
  ])('except for an equal value, %s', (_, text) => {
    expect(violations(text)).toEqual([]);
  });

  test.each([
    ['max_subs: 1\nMAX_SUBS: 2', 2],
    ['leaf {}\nleafnodes {}', 2],
    ['authorization { timeout: 1\n timeOut: 2 }', 2],
  ])('if one field has two spellings: %j', (text, line) => {
    expect(violations(text)).toMatchObject([{ at: { line } }]);
  });
});

describe('the users of the merged configuration', () => {
  const own = [
    { user: 'app', password: 'app-password' },
    { user: 'probe', password: 'probe-password', permissions: { publish: ['proof.>'], subscribe: ['proof.>'] } },
  ];
  const system = { user: 'system', password: 'system-password' };

  test('include custom users after ours', () => {
    const text = 'authorization {\n timeout: 3\n users: [ {user: bob, password: b} ] }';
    expect(mergedAt('authorization', text)).toEqual({ timeout: 3, users: [...own, { user: 'bob', password: 'b' }] });
  });

  test('are only ours without custom users', () => {
    expect(mergedAt('authorization', 'authorization { timeout: 3 }')).toEqual({ timeout: 3, users: own });
  });

  test('keep full permissions for ours despite default permissions', () => {
    const everything = { publish: ['>'], subscribe: ['>'] };
    const text = 'authorization { default_permissions { publish: x }, users: [ {user: bob, password: b} ] }';
    const users = [{ ...own[0], permissions: everything }, own[1], { user: 'bob', password: 'b' }];
    expect(mergedAt('authorization.users', text)).toEqual(users);
    const inAccount = 'accounts { "$SYS" { default_permissions { publish: x } } }';
    expect(mergedAt('accounts.$SYS.users', inAccount)).toEqual([{ ...system, permissions: everything }]);
  });

  test('exempt ours from the auth callout', () => {
    const text = 'authorization { auth_callout { issuer: A, users: [auth ] }, users: [ {user: auth, password: b} ] }';
    expect(mergedAt('authorization.auth_callout.users', text)).toEqual(['auth', 'app', 'probe', 'system']);
  });

  test('include custom accounts, while ours are in the global account', () => {
    const text = 'accounts { A { users: [ {user: bob, password: b} ] } }';
    expect(mergedAt('accounts', text)).toEqual({
      A: { users: [{ user: 'bob', password: 'b' }] },
      $SYS: { users: [system] },
    });
    expect(mergedAt('authorization.users', text)).toEqual(own);
  });

  test('include custom users of the system account after ours', () => {
    const text = 'accounts { "$SYS" { exports: [], users: [ {user: bob, password: b} ] } }';
    const users = [system, { user: 'bob', password: 'b' }];
    expect(mergedAt('accounts', text)).toEqual({ $SYS: { exports: [], users } });
  });

  test('extend the short form of accounts to the long form', () => {
    expect(mergedAt('accounts', 'accounts: [A, B ]')).toEqual({ A: {}, B: {}, $SYS: { users: [system] } });
  });

  test.each([
    ['authorization { users: [\n{user: app, password: hunter2} ] }'],
    ['accounts { A { users: [\n{username: probe, pass: hunter2} ] } }'],
    ['U: [\n{user: system} ]\naccounts { A { users: $U } }'],
  ])('cannot have the name of one of ours: %j', (text) => {
    const found = violations(text);
    expect(found).toMatchObject([{ at: { line: 2, column: 2 } }]);
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });
});

describe('the other parts of the merged configuration', () => {
  test('include custom tags after ours', () => {
    expect(mergedAt('server_tags', 'server_tags: [a, b ]')).toEqual(['rev:r1', 'a', 'b']);
    expect(mergedAt('server_tags', 'server_tags: a')).toEqual(['rev:r1', 'a']);
  });

  test('include cluster fields that no input sets, and the gate takes them into account', () => {
    const { configuration } = merge('cluster { pool_size: 5, accounts: [A, B ], compression: s2_auto }');
    expect(configuration.entries['cluster']).toMatchObject({ entries: { name: 'nats', pool_size: 5 } });
    expect(readMeshSettings(configuration)).toEqual({ poolSize: 5, pinnedAccounts: ['A', 'B'] });
    expect(readMeshSettings(merge('').configuration)).toEqual({ poolSize: undefined, pinnedAccounts: [] });
    const strange = merge('cluster { pool_size: "5", accounts: [A, 5 ] }').configuration;
    expect(readMeshSettings(strange)).toEqual({ poolSize: undefined, pinnedAccounts: ['A'] });
  });

  test('include tls fields that no input sets', () => {
    expect(mergedAt('tls', 'tls { min_version: "1.3" }')).toMatchObject({ cert_file: '/s.crt', min_version: '1.3' });
  });

  test('include the position of each custom key, and of no generated one', () => {
    const { positions } = merge('max_subs: 5\nmax_pending: 1MB').configuration;
    expect([...(positions ?? [])].map(([key, { line }]) => [key, line])).toEqual([
      ['max_subs', 1],
      ['max_pending', 2],
    ]);
    expect(merge('').configuration).not.toHaveProperty('positions');
  });

  test('include all other fields unchanged, and the details of tracing if it is enabled', () => {
    expect(mergedAt('max_subs', 'max_subs: 5')).toBe(5);
    expect(
      mergedAt('trace_verbose', 'trace_verbose: true', { logging: { debug: false, trace: true, logtime: true } }),
    ).toBe(true);
  });
});

describe('the variables of a merged configuration', () => {
  test('stay above the entries that use them', () => {
    const text = 'P: {publish: "x"}\nauthorization { users: [ {user: bob, password: b, permissions: $P} ] }';
    const rendered = renderConfiguration(merge(text).configuration);
    expect(rendered).toMatch(/^P: \{\n {2}publish: "x"\n\}\n/);
    expect(rendered).toContain('permissions: $P');
  });

  test('are removed if only merged entries used them', () => {
    const text = 'U: [ {user: bob, password: b} ]\nauthorization { W: $U, users: $W }\nmax: 3\nmax_subs: $max';
    const { configuration } = merge(text);
    expect(Object.keys(configuration.entries).slice(0, 2)).toEqual(['U', 'max']);
    const gone = merge('U: [ {user: bob, password: b} ]\nauthorization { users: $U }').configuration;
    expect(gone.entries).not.toHaveProperty('U');
    expect(renderConfiguration(gone)).toContain('"bob"');
  });

  test('stay if a merged entry used another definition of the same name', () => {
    const text = 'U: [ {user: bob, password: b} ]\nauthorization { users: $U, U: 5 }';
    const { entries } = merge(text).configuration;
    expect(entries).not.toHaveProperty('U');
    expect(mergedAt('authorization.U', text)).toBe(5);
  });

  test('stay as a block that entries use, even if another definition is removed', () => {
    const text =
      'U: [ {user: bob, password: b} ]\nP: {publish: "x"}\nauthorization { users: $U, default_permissions: $P }';
    const { configuration } = merge(text);
    expect(configuration.entries).not.toHaveProperty('U');
    expect(renderConfiguration(configuration)).toContain('default_permissions: $P');
  });
});

describe('the listeners of a custom configuration', () => {
  const tls = { cert_file: '/s.crt', key_file: '/s.key', ca_file: '/ca.crt', verify: true };

  test('are found with port and TLS', () => {
    const text = `ws { listen: "0.0.0.0:8080", no_tls: true }
      leaf { port: 7422 }
      gateway { port: 7222, tls { cert_file: "/g" } }
      mqtt { listen: 1883 }`;
    expect(listListeners(merge(text).configuration)).toEqual([
      { name: 'websocket', port: 8080, tls: false },
      { name: 'leafnodes', port: 7422, tls: true },
      { name: 'gateway', port: 7222, tls: true },
      { name: 'mqtt', port: 1883, tls: true },
    ]);
    expect(listListeners(merge('leafnodes { remotes: [ {url: "tls://x"} ] }').configuration)).toStrictEqual([]);
  });

  test('are none for a port that the server chooses itself', () => {
    expect(listListeners(block({ mqtt: block({ port: 0 }) }))).toStrictEqual([]);
  });

  test.each([
    'mqtt { port: 1 }',
    'mqtt { listen: "0.0.0.0:65535" }',
    'websocket { port: 80 }, mqtt { port: 81 }',
    'gateway { name: nats, gateways: [] }',
  ])('are accepted at any free port, or without a port: %s', (text) => {
    expect(violations(text)).toStrictEqual([]);
  });

  test.each([
    ['websocket { port: 8080 }', 'websocket', { port: 8080, tls }],
    ['websocket { port: 8080, no_tls: true }', 'websocket', { port: 8080, no_tls: true }],
    ['websocket { port: 8080, tls { cert_file: "/w" } }', 'websocket', { port: 8080, tls: { cert_file: '/w' } }],
    ['mqtt { port: 1883 }', 'mqtt', { port: 1883, tls }],
    ['leafnodes { port: 7422 }', 'leafnodes', { port: 7422, tls }],
    ['leafnodes { remotes: [] }', 'leafnodes', { remotes: [] }],
    [
      'gateway { port: 7222, tls { cert_file: "/g" } }',
      'gateway',
      { port: 7222, tls: { cert_file: '/g' }, name: 'nats' },
    ],
  ])('get the server certificate unless they have another setting: %s', (text, name, expected) => {
    expect(mergedAt(name, text)).toEqual(expected);
  });

  test.each([
    ['websocket { port: 4222 }', 13],
    ['websocket { listen: "0.0.0.0:8080", port: 6222 }', 37],
    ['mqtt { net: "0.0.0.0", listen: 1883 }', 8],
    ['websocket { port: 6222 }', 13],
    ['mqtt { listen: "0.0.0.0:8222" }', 8],
    ['mqtt { port: -1 }', 8],
    ['mqtt { port: 0 }', 8],
    ['mqtt { listen: "0.0.0.0:65536" }', 8],
    ['mqtt { port: 65536 }', 8],
    ['mqtt { port: "hunter2" }', 8],
    ['mqtt { port: $POD_NAME }', 8],
    ['websocket { port: 80 }, mqtt { port: 80 }', 32],
    ['gateway { port: 7222 }', 1],
    ['gateway { name: other, port: 7222, tls {} }', 11],
  ])('are refused if they are impossible: %s', (text, column) => {
    expect(violations(text)).toMatchObject([{ input: 'config', at: { line: 1, column } }]);
  });
});

describe('a configuration with an operator', () => {
  test.each(['operator: "/o.jwt"', 'Trusted_Keys: [OABC ]', 'roots: [x ]'])('has none of our users: %s', (operator) => {
    const merged = merge(`${operator}\nsystem_account: ADSY\nresolver { type: full, dir: "/jwt" }`);
    expect(merged).toMatchObject({ kind: 'operator', resolverDirectory: '/jwt' });
    const { entries } = merged.configuration;
    expect(Object.keys(entries)).not.toEqual(expect.arrayContaining(['authorization', 'accounts']));
    expect(entries).toMatchObject({ system_account: 'ADSY', port: 4222 });
  });

  test.each([
    ['accounts', 'accounts { A {} }'],
    ['users', 'authorization { users: [ {user: a, password: b} ] }'],
    ['a single user', 'authorization { timeout: 2, user: a }'],
    ['a folder with a relative path', 'resolver { type: full, dir: "jwt" }'],
    ['the root folder', 'resolver { type: full, dir: "/" }'],
    ['a folder with a path upwards', 'resolver { type: full, dir: "/a/../etc" }'],
    ['a folder that ends with a slash', 'resolver { type: full, dir: "/a/" }'],
    ['a folder with a colon', 'resolver { type: full, dir: "/a:b" }'],
    ['the folder of the configuration', 'resolver { type: full, dir: "/etc/nats" }'],
    ['a folder within that of the configuration', 'resolver { type: full, dir: "/etc/nats/jwt" }'],
    ['a folder around that of the configuration', 'resolver { type: full, dir: "/etc" }'],
    ['the folder of the streams', 'resolver { type: cache, dir: "/data/jetstream" }'],
  ])('cannot have: %s', (_, text) => {
    expect(violations(`operator: x\n${text}`)).toMatchObject([{ input: 'config', at: { line: 2 } }]);
  });

  test.each([
    ['resolver: MEMORY', undefined],
    ['resolver: URL("http://a.b/jwt")', undefined],
    ['resolver { type: full, dir: "/data/jwt" }', '/data/jwt'],
    ['resolver { type: full, dir: "/data" }', '/data'],
    ['resolver { type: full, dir: "" }', undefined],
    ['resolver { type: full, dir: 5 }', undefined],
  ])('can have: %s', (text, resolverDirectory) => {
    expect(merge(`operator: x\n${text}\nauthorization { timeout: 2 }`)).toMatchObject({ resolverDirectory });
  });

  test('still cannot set fields that this action sets', () => {
    expect(violations('operator: x\nport: 1')).toMatchObject([{ at: { line: 2 } }]);
  });
});

test('any custom configuration is either merged and can be rendered, or refused', () => {
  const names = ['port', 'tls', 'cluster', 'authorization', 'accounts', '$SYS', 'users', 'user', 'server_tags', 'leaf'];
  const more = [
    'websocket',
    'gateway',
    'name',
    'listen',
    'operator',
    'resolver',
    'auth_callout',
    'auth_users',
    'max_subs',
  ];
  const { value } = fc.letrec<{ readonly value: ConfValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      configurationValue,
      fc.array(tie('value'), { maxLength: 3 }).map(list),
      fc.dictionary(fc.constantFrom(...names, ...more), tie('value'), { maxKeys: 6 }).map((entries) => block(entries)),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names, ...more), value, { maxKeys: 6 }), (entries) => {
      try {
        const merged = mergeConfiguration(buildServerConfiguration(settings), settings, {
          input: 'config',
          tree: block(entries),
        });
        expect(renderConfiguration(merged.configuration)).toContain('server_name');
      } catch (error) {
        if (!hasCode(error, 'INPUT_INVALID')) throw error;
      }
    }),
    { numRuns: 300 },
  );
});
