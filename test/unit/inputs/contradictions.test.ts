import { describe, expect, test } from '@jest/globals';
import { hasCode, type InputViolation } from '../../../src/errors/action-error.ts';
import { parseInputs } from '../../../src/inputs/parse.ts';

type Given = Readonly<Record<string, string>>;

const DAY_MS = 86_400_000;
const PEM = (kind: string): string => `-----BEGIN ${kind}-----\nMIIB\n-----END ${kind}-----`;
const JETSTREAM = { jetstream: 'true' };

const parse = (given: Given) => parseInputs(new Map(Object.entries(given)));

/** Returns the violations of the inputs; none if they are accepted. */
function violations(given: Given): readonly InputViolation[] {
  try {
    parse(given);
  } catch (error) {
    if (hasCode(error, 'INPUT_INVALID')) return error.details.violations;
    throw error;
  }
  return [];
}

const corrections = (given: Given) => violations(given).map(({ input, correction }) => [input, correction]);

describe('two inputs', () => {
  test.each<readonly [rule: string, given: Given]>([
    ['a renewal just before the end of the validity', { 'certificate-validity': '1d', 'renew-before': '86399s' }],
    ['a certificate that is valid as long as its CA', { 'certificate-validity': '60d', 'ca-validity': '60d' }],
    ['a namespace without all namespaces', { command: 'prune', namespace: 'a' }],
    ['all namespaces without a namespace', { command: 'prune', 'all-namespaces': 'true' }],
    ['a configuration without a file', { config: 'max_subs: 1' }],
    ['a client with the name of the client user', { 'client-user': 'app', 'client-certificates': 'app' }],
    ['a client whose name only begins like the client user', { 'client-user': 'app', 'client-certificates': 'app-x' }],
    ['a Secret whose name only begins like a Secret of the action', { 'server-tls-secret': 'nats-config-x' }],
    ['a Secret of a client that gets no certificate', { 'route-tls-secret': 'tls-nats-client-x' }],
    ['a Secret of the action for another deployment', { name: 'web', 'route-tls-secret': 'tls-nats-server' }],
    [
      'memory for streams below the limit',
      { ...JETSTREAM, 'jetstream-memory': '1023Mi', resources: '{limits: {memory: 1Gi}}' },
    ],
    [
      'memory for streams without a limit',
      { ...JETSTREAM, 'jetstream-memory': '1Gi', resources: '{limits: {cpu: 1}}' },
    ],
    ['streams in memory only', { ...JETSTREAM, 'jetstream-storage': '0', 'jetstream-memory': '1Mi' }],
    [
      'the smallest volume, with a class',
      { ...JETSTREAM, 'jetstream-storage': '1Mi', 'jetstream-storage-class': 'fast' },
    ],
    [
      'a user-provided route certificate and client certificates',
      { 'route-tls-secret': 'own', 'client-verify': 'verify' },
    ],
  ])('may be combined: %s', (_, given) => {
    expect(violations(given)).toStrictEqual([]);
  });

  test.each<readonly [rule: string, given: Given, corrections: readonly (readonly [string, string])[]]>([
    ['a renewal as long as the validity', { 'certificate-validity': '30d' }, [['renew-before', 'renew-before: 10d']]],
    [
      'a certificate that is valid a second longer than its CA',
      { 'certificate-validity': '86401s', 'ca-validity': '1d', 'renew-before': '1h' },
      [['certificate-validity', 'certificate-validity: 1d']],
    ],
    [
      'a renewal before the certificate, which outlives its CA',
      { 'certificate-validity': '3d', 'ca-validity': '1d', 'renew-before': '3d' },
      [
        ['renew-before', 'renew-before: 1d'],
        ['certificate-validity', 'certificate-validity: 1d'],
      ],
    ],
    [
      'a Secret of a client that gets a certificate',
      { 'route-tls-secret': 'tls-nats-client-x', 'client-certificates': 'x' },
      [['route-tls-secret', '# copy your certificate to a Secret with another name, and write that name here']],
    ],
    [
      'memory for streams above the limit',
      { ...JETSTREAM, 'jetstream-memory': '2Gi', resources: '{limits: {memory: 1001M}}' },
      [['jetstream-memory', 'jetstream-memory: 500500000']],
    ],
    [
      'all three inputs of JetStream without it',
      { 'jetstream-storage': '1Gi', 'jetstream-storage-class': 'fast', 'jetstream-memory': '1Gi' },
      [
        ['jetstream-storage', 'jetstream: true'],
        ['jetstream-storage-class', 'jetstream: true'],
        ['jetstream-memory', 'jetstream: true'],
      ],
    ],
    [
      'all inputs of generated certificates with a user-provided one',
      {
        'server-tls-secret': 'own',
        'ca-certificate': PEM('CERTIFICATE'),
        'ca-private-key': PEM('PRIVATE KEY'),
        'subject-alt-names': 'a.b',
        'client-verify': 'verify-and-map',
        'client-certificates': 'x',
      },
      ['ca-certificate', 'subject-alt-names', 'client-verify', 'client-certificates'].map((input) => [
        input,
        `# remove \`${input}\` or \`server-tls-secret\``,
      ]),
    ],
    [
      'several opt-ins of other commands',
      { command: 'delete', allow: 'outage, delete-volumes, adopt, delete-namespace' },
      [
        ['allow', 'allow: delete-volumes, delete-namespace'],
        ['allow', 'allow: delete-volumes, delete-namespace'],
      ],
    ],
  ])('contradict each other: %s', (_, given, expected) => {
    expect(corrections(given)).toEqual(expected);
  });
});

test.each([
  ['ca-certificate', 'ca-private-key', PEM('CERTIFICATE')],
  ['ca-private-key', 'ca-certificate', PEM('PRIVATE KEY')],
])('a CA by %s alone lacks %s, and the violation names both', (given, missing, pem) => {
  expect(violations({ [given]: pem })).toStrictEqual([
    { input: missing, correction: expect.any(String), message: expect.stringContaining(`\`${given}\` is set`) },
  ]);
});

describe('the users', () => {
  test('are named by their position, counted from 1, if they contradict another input', () => {
    const users = '[{user: a, password: x}, {user: b}, {user: app-2, password: x}]';
    expect(
      violations({ users, 'client-user': 'app' }).map(({ message }) => /^user (-?\d+)/.exec(message)?.[1]),
    ).toEqual(['2', '3']);
  });

  test('lead to ten violations at most', () => {
    const users = (count: number) =>
      JSON.stringify(Array.from({ length: count }, (_, index) => ({ user: `u${index}` })));
    expect([9, 10, 11].map((count) => violations({ users: users(count) }).length)).toEqual([9, 10, 10]);
  });

  test('may lack a password only if certificates identify them', () => {
    const users = '[{user: a}]';
    expect(violations({ users, 'client-verify': 'verify-and-map' })).toStrictEqual([]);
    expect(violations({ users, 'client-verify': 'verify' })).toHaveLength(1);
    expect(violations({ users: '[{user: a, password: b}]', 'client-verify': 'verify-and-map' })).toStrictEqual([]);
  });
});

describe('an input that is stored with the deployment', () => {
  test.each<readonly [rule: string, given: Given, field: object]>([
    ['a long validity of certificates', { 'certificate-validity': '2000d' }, { certificateValidityMs: 2000 * DAY_MS }],
    ['a short validity of the CA', { 'ca-validity': '1d' }, { caValidityMs: DAY_MS }],
  ])('may have any value in rotate if only a stored value can contradict it: %s', (_, given, field) => {
    expect(parse({ command: 'rotate', ...given })).toMatchObject(field);
  });

  test('contradicts another one that rotate also has', () => {
    expect(
      corrections({ command: 'rotate', 'certificate-validity': '2d', 'ca-validity': '1d', 'renew-before': '1h' }),
    ).toEqual([['certificate-validity', 'certificate-validity: 1d']]);
  });
});
