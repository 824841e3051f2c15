import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hasCode } from '../../../../../src/errors/action-error.ts';
import { block, type ConfValue, list, variable } from '../../../../../src/nats/conf/reader/value.ts';
import {
  buildServerConfiguration,
  formatMappedUser,
  formatRevisionTag,
  type ServerSettings,
} from '../../../../../src/nats/conf/writer/server.ts';
import { renderConfiguration } from '../../../../../src/nats/conf/writer/write.ts';

const rendered = (value: ConfValue) => renderConfiguration(block({ key: value }));

test.each<readonly [string, ConfValue, string]>([
  ['a string', 'nats', 'key: "nats"\n'],
  ['a string that looks like a variable', '$HOME', 'key: "$HOME"\n'],
  ['a string that looks like a number', '3k', 'key: "3k"\n'],
  ['a string that looks like a date', '12-nats-0', 'key: "12-nats-0"\n'],
  ['a string that looks like a boolean', 'true', 'key: "true"\n'],
  ['quotes and backslashes', 'a"b\\c', 'key: "a\\"b\\\\c"\n'],
  ['control characters', '\0\t\n\u007f', 'key: "\\x00\\x09\\x0a\\x7f"\n'],
  ['a control character of two bytes', '\u0085', 'key: "\\xc2\\x85"\n'],
  ['other characters unchanged', '# ä€😀', 'key: "# ä€😀"\n'],
  ['the empty string', '', 'key: ""\n'],
  ['an integer', 4222, 'key: 4222\n'],
  ['minus zero', -0, 'key: 0\n'],
  ['a fraction', -1.5, 'key: -1.5\n'],
  ['a boolean', false, 'key: false\n'],
  ['an integer of 64 bits', -(2n ** 63n), 'key: -9223372036854775808\n'],
  ['a float as it was written', { kind: 'float', text: '1.0' }, 'key: 1.0\n'],
  ['a date', { kind: 'date', text: '2026-01-31T12:00:00Z' }, 'key: 2026-01-31T12:00:00Z\n'],
  ['a variable', variable('SERVER_NAME'), 'key: $SERVER_NAME\n'],
  ['an empty list', list([]), 'key: []\n'],
  ['an empty block', block({}), 'key: {}\n'],
  ['a list', list(['a', 1]), 'key: [\n  "a"\n  1\n]\n'],
  ['a block in a list', list([block({ user: 'a' })]), 'key: [\n  {\n    user: "a"\n  }\n]\n'],
  ['a block without its undefined entries', block({ a: undefined, b: 1 }), 'key: {\n  b: 1\n}\n'],
])('the writer renders %s', (_, value, text) => {
  expect(rendered(value)).toBe(text);
});

test.each([
  ['$SYS', '"$SYS": 1\n'],
  ['my account', '"my account": 1\n'],
  ['a"b', "'a\"b': 1\n"],
  ['', '"": 1\n'],
  ['a\nb', '"a\nb": 1\n'],
])('the writer quotes the key %p if needed', (key, text) => {
  expect(renderConfiguration(block({ [key]: 1 }))).toBe(text);
});

test.each<readonly [string, ConfValue]>([
  ['half a surrogate pair', '\ud800'],
  ['a number with an exponent', 1e21],
  ['a fraction with an exponent', 1e-9],
  ['an integer that is not exact', 2 ** 53],
  ['NaN', Number.NaN],
  ['infinity', Number.POSITIVE_INFINITY],
  ['a variable with a space', variable('A B')],
  ['a variable that reads as a bcrypt hash', variable('2a$11$x')],
  ['a key with both quotes', block({ [`"'`]: 1 })],
  ['a key with NUL', block({ 'a\0b': 1 })],
  ['a key with half a surrogate pair', block({ 'a\ud800': 1 })],
  ['an integer beyond 64 bits', 2n ** 63n],
])('the writer refuses %s without quoting a string of the tree', (_, value) => {
  const error = caught(() => rendered(block({ inner: value, password: 'hunter2' })));
  expect(hasCode(error, 'INTERNAL')).toBe(true);
  expect(Error.isError(error) && error.message).not.toContain('hunter2');
  expect(error).toMatchObject({ message: expect.stringContaining(': key.inner') });
});

describe('the indentation of a rendered configuration', () => {
  const nested = (depth: number): ConfValue =>
    Array.from({ length: depth }).reduce<ConfValue>((inner) => list([inner]), 'x');
  const widest = (text: string) => Math.max(...text.split('\n').map((line) => line.search(/\S|$/)));

  test.each([
    [1, 2],
    [7, 14],
    [8, 16],
    [9, 16],
    [30, 16],
  ])('of a text in %d lists is %d', (depth, indent) => {
    expect(widest(rendered(nested(depth)))).toBe(indent);
  });

  test('is left out of a text with more than 262144 characters', () => {
    const within = (length: number) => rendered(list(['x'.repeat(length - 'key: [\n  ""\n]\n'.length)]));
    expect(widest(within(262_144))).toBe(2);
    expect(widest(within(262_145))).toBe(0);
  });
});

function caught(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** Parses the strings of nats-server's `conf/lex.go`, `lexDubQuotedString`. */
function unquoted(text: string): string {
  const named: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', '"': '"', '\\': '\\' };
  const bytes = text.slice(1, -1).replace(/\\(x[0-9a-f]{2}|.)|[^\\]+/g, (part, escape: string | undefined) => {
    const value = escape === undefined ? part : (named[escape] ?? undefined);
    return value === undefined
      ? Buffer.from(part.slice(2), 'hex').toString('latin1')
      : Buffer.from(value, 'utf8').toString('latin1');
  });
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

test('every well-formed string is the same after rendering and parsing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const line = rendered(text);
      expect(line.split('\n')).toHaveLength(2);
      expect(unquoted(line.slice('key: '.length, -1))).toBe(text);
    }),
  );
});

const settings: ServerSettings = {
  clusterName: 'nats',
  revision: 'ABC123',
  logging: { debug: false, trace: false, logtime: true },
  limits: {},
  files: { serverCertificate: '/s.crt', serverKey: '/s.key', clientTrust: '/ca.crt', routeTrust: '/route-ca.crt' },
  clientVerify: 'none',
  clientUsers: [{ user: 'app', password: 'app-password' }],
  users: [],
  probeUser: { user: 'probe', password: 'probe-password' },
  probeSubjectPrefix: 'proof',
  systemUser: { user: 'system', password: 'system-password' },
  routeUser: { user: 'route', password: 'route-password' },
  jetstream: undefined,
  routes: ['tls://route:route-password@nats-0.default.svc:6222'],
};

describe('the generated configuration', () => {
  test('is the same text for all servers', () => {
    expect(renderConfiguration(buildServerConfiguration(settings))).toBe(`server_name: $SERVER_NAME
server_tags: [
  "rev:abc123"
]
port: 4222
http_port: 8222
client_advertise: $CLIENT_ADVERTISE
lame_duck_duration: "30s"
lame_duck_grace_period: "10s"
debug: false
trace: false
logtime: true
tls: {
  cert_file: "/s.crt"
  key_file: "/s.key"
  ca_file: "/ca.crt"
}
authorization: {
  users: [
    {
      user: "app"
      password: "app-password"
    }
    {
      user: "probe"
      password: "probe-password"
      permissions: {
        publish: [
          "proof.>"
        ]
        subscribe: [
          "proof.>"
        ]
      }
    }
  ]
}
accounts: {
  "$SYS": {
    users: [
      {
        user: "system"
        password: "system-password"
      }
    ]
  }
}
system_account: "$SYS"
cluster: {
  name: "nats"
  port: 6222
  advertise: $ROUTE_ADVERTISE
  tls: {
    cert_file: $ROUTE_CERT
    key_file: $ROUTE_KEY
    ca_file: "/route-ca.crt"
    verify: true
    timeout: 5
  }
  authorization: {
    user: "route"
    password: "route-password"
  }
  routes: [
    "tls://route:route-password@nats-0.default.svc:6222"
  ]
}
`);
  });

  test('differs without a revision only in its tag', () => {
    const { revision: _, ...unrevised } = settings;
    const text = renderConfiguration(buildServerConfiguration(settings));
    const tags = `server_tags: [
  "${formatRevisionTag('abc123')}"
]
`;
    expect(renderConfiguration(buildServerConfiguration(unrevised))).toBe(text.replace(tags, ''));
    expect(text).toContain(tags);
  });

  test('contains only limits that are given', () => {
    const entries = buildServerConfiguration({
      ...settings,
      limits: { maxPayload: 1024, writeDeadlineMs: 1500 },
    }).entries;
    expect(entries).toMatchObject({ max_payload: 1024, write_deadline: '1500ms' });
    expect(entries).not.toHaveProperty('max_connections');
    expect(entries).not.toHaveProperty('max_control_line');
  });

  test.each([
    ['none', 'app', {}],
    ['verify', 'app', { verify: true }],
    ['verify-and-map', 'CN=app', { verify_and_map: true }],
  ] as const)('asks clients for certificates according to client-verify %s', (clientVerify, user, asked) => {
    const { tls, authorization, accounts } = buildServerConfiguration({ ...settings, clientVerify }).entries;
    const files = { cert_file: '/s.crt', key_file: '/s.key', ca_file: '/ca.crt' };
    expect(tls).toEqual(block({ ...files, ...asked }));
    const named = (name: string) => user.replace('app', name);
    expect(JSON.stringify(authorization)).toContain(JSON.stringify({ user: named('app'), password: 'app-password' }));
    expect(JSON.stringify(authorization)).toContain(`"user":"${named('probe')}"`);
    expect(JSON.stringify(accounts)).toContain(`"user":"${named('system')}"`);
  });

  test('has users without a password only if a certificate identifies them', () => {
    const clientUsers = [{ user: 'app' }];
    const mapped = buildServerConfiguration({ ...settings, clientVerify: 'verify-and-map', clientUsers });
    expect(JSON.stringify(mapped)).toContain(JSON.stringify(block({ user: 'CN=app' })));
    const error = caught(() => buildServerConfiguration({ ...settings, clientVerify: 'verify', clientUsers }));
    expect(hasCode(error, 'INTERNAL')).toBe(true);
  });

  test('has the permissions of each additional user, and all subjects without permissions', () => {
    const users = [
      { user: 'all', password: '3k' },
      {
        user: 'some',
        password: '$2a$10$hash',
        permissions: {
          publish: { allow: ['orders.>'], deny: ['orders.secret'] },
          subscribe: { allow: ['orders.new workers'] },
          allowResponses: { max: 5, expiresMs: 60_000 },
        },
      },
      { user: 'reply', password: 'p', permissions: { allowResponses: {} } },
      { user: 'count', password: 'p', permissions: { allowResponses: { max: 2 } } },
      { user: 'time', password: 'p', permissions: { allowResponses: { expiresMs: 3 } } },
    ];
    const { authorization } = buildServerConfiguration({ ...settings, users }).entries;
    expect(rendered(authorization ?? '')).toContain(
      `    {
      user: "all"
      password: "3k"
    }
    {
      user: "some"
      password: "$2a$10$hash"
      permissions: {
        publish: {
          allow: [
            "orders.>"
          ]
          deny: [
            "orders.secret"
          ]
        }
        subscribe: {
          allow: [
            "orders.new workers"
          ]
        }
        allow_responses: {
          max: 5
          expires: "60000ms"
        }
      }
    }
    {
      user: "reply"
      password: "p"
      permissions: {
        allow_responses: true
      }
    }
    {
      user: "count"
      password: "p"
      permissions: {
        allow_responses: {
          max: 2
        }
      }
    }
    {
      user: "time"
      password: "p"
      permissions: {
        allow_responses: {
          expires: "3ms"
        }
      }
    }
`.trim(),
    );
  });

  test('maps certificates to additional users, with their passwords', () => {
    const users = [
      { user: 'orders', permissions: { publish: { allow: ['a'] } } },
      { user: 'both', password: 'p' },
    ];
    const mapped = JSON.stringify(buildServerConfiguration({ ...settings, clientVerify: 'verify-and-map', users }));
    expect(mapped).toContain('{"user":"CN=orders","permissions":');
    expect(mapped).toContain('{"user":"CN=both","password":"p"}');
  });

  test('requires no route password without a route user', () => {
    const { cluster } = buildServerConfiguration({ ...settings, routeUser: undefined, routes: [] }).entries;
    expect(JSON.stringify(cluster)).not.toContain('authorization');
  });
});

test.each([
  ['nats_client_user', 'CN=nats_client_user'],
  ['a.b-c', 'CN=a.b-c'],
  [' #x, y="z"+<\\>; ', 'CN=\\ \\#x\\,\\ y\\=\\"z\\"\\+\\<\\\\\\>\\;\\ '],
])('the user of a certificate with the common name %p is %p', (name, user) => {
  expect(formatMappedUser(name)).toBe(user);
});
