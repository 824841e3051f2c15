import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ActionError, hasCode } from '../../../src/errors/action-error.ts';
import { COMMANDS, type Row } from '../../../src/inputs/grammar/row.ts';
import { findClosest, formatWorkflowLine } from '../../../src/inputs/grammar/violations.ts';
import { inputTable, readers } from '../../../src/inputs/inputs.ts';
import { outputTable } from '../../../src/inputs/outputs.ts';
import { findInputSecrets, parseDeployInputs, parseInputs } from '../../../src/inputs/parse.ts';
import { CONSENTS, commandsOf } from '../../../src/inputs/rows/consent.ts';
import { ROTATION_PHASES } from '../../../src/rotation/track.ts';
import { nkey } from '../../support/nkeys.ts';
import { credentialsFile, seedIn } from '../../support/operator.ts';

const DAY_MS = 86_400_000;
const JETSTREAM = { jetstream: 'true' };
const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';
const KEY = '-----BEGIN PRIVATE KEY-----\nhunter2hunter2hunter2\n-----END PRIVATE KEY-----';

const SYSTEM_CREDENTIALS = credentialsFile(nkey('account'));

function parse(given: Readonly<Record<string, string>>) {
  return parseInputs(new Map(Object.entries(given)));
}

/** Returns the inputs that a command requires. */
function neededBy(command: string): Readonly<Record<string, string>> {
  return command === 'render' ? { 'output-directory': 'rendered' } : {};
}

function refusal(given: Readonly<Record<string, string>>): ActionError<'INPUT_INVALID'> {
  try {
    parse(given);
  } catch (error) {
    if (hasCode(error, 'INPUT_INVALID')) return error;
    throw error;
  }
  throw new Error('the inputs were accepted');
}

const COPIED = '# copy your certificate to a Secret with another name, and write that name here';

describe('the inputs', () => {
  test('have their defaults if they are missing', () => {
    expect(parse({})).toEqual({
      command: 'deploy',
      kubeconfig: undefined,
      context: undefined,
      expectedCluster: undefined,
      namespace: undefined,
      createNamespace: false,
      name: 'nats',
      replicas: 3,
      image: undefined,
      imagePullSecrets: [],
      antiAffinity: 'required',
      resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: {} },
      serviceType: 'ClusterIP',
      securityContext: 'restricted',
      networkPolicy: false,
      metrics: false,
      overrides: [],
      jetstream: false,
      jetstreamStorage: { quantity: '10Gi', bytes: 10 * 2 ** 30 },
      jetstreamStorageClass: undefined,
      jetstreamMemory: { quantity: '0', bytes: 0 },
      clientUser: 'nats_client_user',
      clientPassword: undefined,
      routeUser: 'nats_route_user',
      routePassword: undefined,
      systemCredentials: undefined,
      users: [],
      debug: false,
      trace: false,
      logtime: true,
      maxConnections: undefined,
      maxControlLineBytes: undefined,
      maxPayloadBytes: undefined,
      writeDeadlineMs: undefined,
      keyAlgorithm: 'ecdsa-p256',
      certificateValidityMs: 90 * 86_400_000,
      caValidityMs: 1825 * 86_400_000,
      renewBeforeMs: 30 * 86_400_000,
      caOverlapMs: 7 * DAY_MS,
      ca: undefined,
      subjectAltNames: { dnsNames: [], ipAddresses: [] },
      clientVerify: 'none',
      clientCertificates: [],
      serverTlsSecret: undefined,
      routeTlsSecret: undefined,
      files: {},
      ttlMs: undefined,
      allow: [],
      timeoutMs: 600_000,
      rollbackOnFailure: false,
      summary: true,
    });
  });

  test('of verify are the target, the renewal time, and the options to wait and report', () => {
    expect(parse({ command: 'verify' })).toEqual({
      command: 'verify',
      kubeconfig: undefined,
      context: undefined,
      expectedCluster: undefined,
      namespace: undefined,
      name: 'nats',
      renewBeforeMs: 30 * DAY_MS,
      timeoutMs: 600_000,
      summary: true,
    });
  });

  test('of plan are those of deploy', () => {
    expect(parse({ command: 'plan' })).toEqual({ ...parse({ command: 'deploy' }), command: 'plan' });
  });

  test('of rotate are the target, certificates, credentials, the rotation targets, and the options to wait and report', () => {
    expect(parse({ command: 'rotate' })).toEqual({
      ...parse({ command: 'verify' }),
      command: 'rotate',
      clientUser: 'nats_client_user',
      clientPassword: undefined,
      routeUser: 'nats_route_user',
      routePassword: undefined,
      systemCredentials: undefined,
      keyAlgorithm: 'ecdsa-p256',
      certificateValidityMs: 90 * DAY_MS,
      caValidityMs: 1825 * DAY_MS,
      caOverlapMs: 7 * DAY_MS,
      ca: undefined,
      rotateTargets: ['all'],
      force: false,
      allow: [],
    });
  });

  test('of prune are the place, the list to keep, and the options to wait and report', () => {
    expect(parse({ command: 'prune' })).toEqual({
      command: 'prune',
      kubeconfig: undefined,
      context: undefined,
      expectedCluster: undefined,
      namespace: undefined,
      keep: undefined,
      allNamespaces: false,
      allow: [],
      timeoutMs: 600_000,
      summary: true,
    });
  });

  const ca = { certificate: CERTIFICATE, privateKey: KEY };

  /** A value of each input that is not the default, and the parsed value. */
  const GIVEN: readonly (readonly [
    name: string,
    text: string,
    typed: Readonly<Record<string, unknown>>,
    beside?: Readonly<Record<string, string>>,
  ])[] = [
    ['kubeconfig', 'kube.yaml', { kubeconfig: { kind: 'path', path: 'kube.yaml' } }],
    ['context', 'staging', { context: 'staging' }],
    ['expected-cluster', 'https://a', { expectedCluster: { kind: 'url', url: 'https://a' } }],
    ['namespace', 'messaging', { namespace: 'messaging' }],
    ['create-namespace', 'true', { createNamespace: true }],
    ['name', 'orders', { name: 'orders' }],
    ['replicas', '5', { replicas: 5 }],
    ['image', 'nats:2.12', { image: 'nats:2.12' }],
    ['image-pull-secrets', 'ghcr, mirror', { imagePullSecrets: ['ghcr', 'mirror'] }],
    ['anti-affinity', 'none', { antiAffinity: 'none' }],
    ['resources', '{}', { resources: { requests: {}, limits: {} } }],
    ['service-type', 'NodePort', { serviceType: 'NodePort' }],
    ['security-context', 'platform', { securityContext: 'platform' }],
    ['network-policy', 'true', { networkPolicy: true }],
    ['metrics', 'true', { metrics: true }],
    [
      'overrides',
      'Service/pod: {metadata: {labels: {a: b}}}',
      { overrides: [{ kind: 'Service', role: 'pod', patch: { metadata: { labels: { a: 'b' } } } }] },
    ],
    ['jetstream', 'true', { jetstream: true }],
    ['jetstream-storage', '1G', { jetstream: true, jetstreamStorage: { quantity: '1G', bytes: 1e9 } }, JETSTREAM],
    ['jetstream-storage-class', 'fast', { jetstream: true, jetstreamStorageClass: 'fast' }, JETSTREAM],
    ['jetstream-memory', '1Mi', { jetstream: true, jetstreamMemory: { quantity: '1Mi', bytes: 2 ** 20 } }, JETSTREAM],
    ['client-user', 'app', { clientUser: 'app' }],
    ['client-password', 'pass word', { clientPassword: 'pass word' }],
    ['route-user', 'peer', { routeUser: 'peer' }],
    ['route-password', 'secret', { routePassword: 'secret' }],
    ['users', '[{user: a, password: b}]', { users: [{ user: 'a', password: 'b' }] }],
    [
      'system-credentials',
      SYSTEM_CREDENTIALS,
      { systemCredentials: expect.objectContaining({ seed: seedIn(SYSTEM_CREDENTIALS) }) },
    ],
    ['debug', 'true', { debug: true }],
    ['trace', 'true', { trace: true }],
    ['logtime', 'false', { logtime: false }],
    ['max-connections', '100', { maxConnections: 100 }],
    ['max-control-line', '512', { maxControlLineBytes: 512 }],
    ['max-payload', '64KB', { maxPayloadBytes: 65536 }],
    ['write-deadline', '2s', { writeDeadlineMs: 2000 }],
    ['key-algorithm', 'ed25519', { keyAlgorithm: 'ed25519' }],
    ['certificate-validity', '60d', { certificateValidityMs: 60 * 86_400_000 }],
    ['ca-validity', '365d', { caValidityMs: 365 * 86_400_000 }],
    ['renew-before', '7d', { renewBeforeMs: 7 * 86_400_000 }],
    ['ca-overlap', '0s', { caOverlapMs: 0 }],
    ['ca-certificate', CERTIFICATE, { ca }, { 'ca-private-key': KEY }],
    ['ca-private-key', KEY, { ca }, { 'ca-certificate': CERTIFICATE }],
    ['subject-alt-names', '10.0.0.1', { subjectAltNames: { dnsNames: [], ipAddresses: ['10.0.0.1'] } }],
    ['client-verify', 'verify-and-map', { clientVerify: 'verify-and-map' }],
    ['client-certificates', 'orders, billing', { clientCertificates: ['orders', 'billing'] }],
    ['server-tls-secret', 'own-tls', { serverTlsSecret: 'own-tls' }],
    ['route-tls-secret', 'peer.tls', { routeTlsSecret: 'peer.tls' }],
    [
      'config',
      'max_subs: 5',
      { config: expect.objectContaining({ tree: expect.objectContaining({ entries: { max_subs: 5 } }) }) },
    ],
    ['config-file', 'deploy/nats.conf', { configFile: 'deploy/nats.conf' }],
    ['files', 'a.conf: |\n  x\n', { files: { 'a.conf': 'x\n' } }],
    ['rotate-targets', 'ca\ncertificates,ca', { rotateTargets: ['ca', 'certificates'] }, { command: 'rotate' }],
    ['force', 'true', { force: true }, { command: 'rotate' }],
    ['output-directory', 'deploy/nats', { outputDirectory: 'deploy/nats' }, { command: 'render' }],
    ['render-format', 'helm', { renderFormat: 'helm' }, { command: 'render' }],
    ['ttl', '3d', { ttlMs: 3 * DAY_MS }],
    ['keep', 'main\nfeature-x', { keep: ['main', 'feature-x'] }, { command: 'prune' }],
    ['all-namespaces', 'true', { allNamespaces: true }, { command: 'prune' }],
    ['allow', 'adopt, outage\nconflicts', { allow: ['adopt', 'outage', 'conflicts'] }],
    ['timeout', '90s', { timeoutMs: 90_000 }],
    ['rollback-on-failure', 'true', { rollbackOnFailure: true }],
    ['smoke-test', 'nats rtt\r\nexit 0', { smokeTest: 'nats rtt\nexit 0' }],
    ['summary', 'false', { summary: false }],
  ];

  test.each(GIVEN)('include %s', (name, text, typed, beside = {}) => {
    const { command = 'deploy' } = beside;
    const needed = neededBy(command);
    expect(parse({ ...needed, ...beside, [name]: text })).toEqual({ ...parse({ ...needed, command }), ...typed });
  });

  test('each have a row in the table above', () => {
    expect(['command', ...GIVEN.map(([name]) => name)]).toEqual(inputTable.map(({ name }) => name));
  });

  test('count as missing if they are empty or blank', () => {
    expect(parse(Object.fromEntries(inputTable.map(({ name }) => [name, ' \n'])))).toEqual(parse({}));
  });

  test.each(COMMANDS)('of %s count as missing if they equal their defaults', (command) => {
    const defaults = Object.fromEntries(inputTable.map((row) => [row.name, row.default]));
    const given = { ...neededBy(command), command };
    expect(parse({ ...defaults, ...given })).toEqual(parse(given));
  });

  test('of deploy can be parsed for any command', () => {
    expect(parseDeployInputs(new Map([['command', 'rotate']]))).toEqual(parse({}));
  });
});

describe('the violations of inputs', () => {
  test('are reported together, each with the corrected line', () => {
    const { details, message, hint } = refusal({
      command: 'deply',
      replicas: '0',
      'anti-affinity': 'requird',
      timeout: '10',
      'subject-alt-names': '*',
      'create-namspace': 'true',
    });
    expect(details.violations.map(({ input, correction }) => [input, correction])).toEqual([
      ['create-namspace', 'create-namespace: true'],
      ['command', 'command: deploy'],
      ['replicas', 'replicas: 1'],
      ['anti-affinity', 'anti-affinity: required'],
      ['subject-alt-names', 'subject-alt-names: nats.example.com'],
      ['timeout', 'timeout: 10s'],
    ]);
    for (const { input, correction } of details.violations) {
      expect(message).toContain(`${input}: `);
      expect(hint).toContain(correction);
    }
  });

  test('show a correction once that several inputs have', () => {
    const { details, hint } = refusal({ 'jetstream-storage': '1Gi', 'jetstream-memory': '64Mi' });
    expect(details.violations.map(({ correction }) => correction)).toEqual(['jetstream: true', 'jetstream: true']);
    expect(hint).toBe('Correct the step:\n  with:\n    jetstream: true');
  });

  test.each([
    ['renew-before', { 'certificate-validity': '24h' }, 'renew-before: 8h'],
    ['certificate-validity', { 'ca-validity': '60d' }, 'certificate-validity: 60d'],
    ['ca-private-key', { 'ca-certificate': CERTIFICATE }, 'ca-private-key: ${{ secrets.CA_PRIVATE_KEY }}'],
    ['ca-certificate', { 'ca-private-key': KEY }, 'ca-certificate: ${{ secrets.CA_CERTIFICATE }}'],
    ['ca-certificate', { command: 'rotate', 'ca-private-key': KEY }, 'ca-certificate: ${{ secrets.CA_CERTIFICATE }}'],
    [
      'ca-certificate',
      { 'server-tls-secret': 'own', 'ca-certificate': CERTIFICATE, 'ca-private-key': KEY },
      '# remove `ca-certificate` or `server-tls-secret`',
    ],
    [
      'subject-alt-names',
      { 'server-tls-secret': 'own', 'subject-alt-names': 'a.b' },
      '# remove `subject-alt-names` or `server-tls-secret`',
    ],
    [
      'client-verify',
      { 'server-tls-secret': 'own', 'client-verify': 'verify' },
      '# remove `client-verify` or `server-tls-secret`',
    ],
    [
      'client-certificates',
      { 'server-tls-secret': 'own', 'client-certificates': 'orders' },
      '# remove `client-certificates` or `server-tls-secret`',
    ],
    ['renew-before', { command: 'rotate', 'certificate-validity': '24h', 'renew-before': '25h' }, 'renew-before: 8h'],
    [
      'all-namespaces',
      { command: 'prune', namespace: 'previews', 'all-namespaces': 'true' },
      '# remove `all-namespaces` or `namespace`',
    ],
    ['config-file', { config: 'max_subs: 1', 'config-file': 'a.conf' }, '# remove `config-file` or `config`'],
    [
      'client-certificates',
      { 'client-user': 'orders', 'client-certificates': 'orders, orders-2' },
      '# rename `orders-2` in `client-certificates`',
    ],
    ...['nats-system', 'nats-authorities', 'nats-client', 'nats-config', 'nats-config-12', 'tls-nats-routes'].map(
      (secret) => ['route-tls-secret', { 'route-tls-secret': secret }, COPIED] as const,
    ),
    ['server-tls-secret', { 'server-tls-secret': 'tls-web-server', name: 'web' }, COPIED],
    ['jetstream-storage', { 'jetstream-storage': '1Gi' }, 'jetstream: true'],
    ['jetstream-storage-class', { 'jetstream-storage-class': 'fast' }, 'jetstream: true'],
    ['jetstream-memory', { 'jetstream-memory': '1Gi' }, 'jetstream: true'],
    ['jetstream-storage', { ...JETSTREAM, 'jetstream-storage': '0' }, 'jetstream-storage: 10Gi'],
    [
      'jetstream-storage-class',
      { ...JETSTREAM, 'jetstream-storage': '0', 'jetstream-memory': '1Mi', 'jetstream-storage-class': 'fast' },
      'jetstream-storage: 10Gi',
    ],
    [
      'jetstream-memory',
      { ...JETSTREAM, 'jetstream-memory': '1Gi', resources: '{limits: {memory: 1Gi}}' },
      'jetstream-memory: 536870912',
    ],
  ])('include %s if it contradicts another input', (input, given, correction) => {
    expect(refusal(given).details.violations).toMatchObject([{ input, correction }]);
  });

  test('do not include a user-provided Secret without client certificates', () => {
    expect(parse({ 'server-tls-secret': 'own', 'client-verify': 'none' })).toMatchObject({ clientVerify: 'none' });
  });

  test('do not include values that only the stored settings can complete', () => {
    expect(parse({ command: 'rotate', 'renew-before': '100d' })).toMatchObject({ renewBeforeMs: 100 * DAY_MS });
    expect(parse({ command: 'rotate', 'certificate-validity': '24h' })).toMatchObject({
      certificateValidityMs: DAY_MS,
    });
  });

  test('name the line and column of a syntax error in a configuration, without its content', () => {
    const error = refusal({ config: 'max_subs: 1\npassword: "hunter2' });
    expect(error.details.violations).toMatchObject([{ input: 'config', at: { file: 'config', line: 2, column: 11 } }]);
    expect(JSON.stringify([error.message, error.hint, error.details])).not.toContain('hunter2');
    const texts = new Map([['config', 'max_subs: 1\npassword: "hunter2']]);
    expect(findInputSecrets(texts)).toEqual([{ text: 'hunter2', source: 'config' }]);
  });

  test.each([
    ['verify', 'replicas', '5'],
    ['plan', 'force', 'true'],
    ['plan', 'rotate-targets', 'certificates'],
    ['verify', 'ca-certificate', CERTIFICATE],
    ['verify', 'ca-private-key', KEY],
    ['verify', 'allow', 'outage'],
    ['rotate', 'client-verify', 'verify'],
    ['rotate', 'server-tls-secret', 'own'],
    ['rotate', 'create-namespace', 'true'],
    ['deploy', 'force', 'true'],
    ['deploy', 'keep', 'main'],
    ['prune', 'ttl', '3d'],
    ['prune', 'name', 'nats-pr-1'],
    ['delete', 'all-namespaces', 'true'],
    ['deploy', 'rotate-targets', 'certificates'],
  ])('of %s include the unused input %s', (command, input, text) => {
    expect(refusal({ command, [input]: text }).details.violations).toMatchObject([
      { input, correction: `# remove \`${input}\`` },
    ]);
  });

  test.each(
    CONSENTS.flatMap((consent) => COMMANDS.map((command) => [command, consent, commandsOf(consent)] as const)).filter(
      ([command]) => inputTable.some(({ name, commands }) => name === 'allow' && commands.includes(command)),
    ),
  )('of %s include the `allow` value %s unless the command is one of %j', (command, consent, owners) => {
    const given = { ...neededBy(command), command, allow: consent };
    if (owners.includes(command)) {
      expect(parse(given)).toMatchObject({ allow: [consent] });
    } else {
      expect(refusal(given).details.violations).toMatchObject([
        {
          input: 'allow',
          message: expect.stringContaining(`belongs to \`${owners[0]}\``),
          correction: '# remove `allow`',
        },
      ]);
    }
  });

  test('keep the valid `allow` values in the corrected line', () => {
    expect(refusal({ allow: 'outage, delete-volumes' }).details.violations).toMatchObject([
      { input: 'allow', correction: 'allow: outage' },
    ]);
  });

  test('exclude a contradiction with an input that is invalid itself', () => {
    const { details } = refusal({ 'certificate-validity': '24h', 'renew-before': 'never' });
    expect(details.violations.map(({ input }) => input)).toEqual(['renew-before']);
  });

  test.each(['client-password', 'route-password', 'kubeconfig', 'ca-private-key', 'ca-certificate'])(
    'never contain the value of %s',
    (name) => {
      const error = refusal({ [name]: 'hunter2\nclusters: [' });
      expect(JSON.stringify([error.message, error.hint, error.details])).not.toContain('hunter2');
      expect(error.details.violations[0]?.correction).toMatch(/^[a-z-]+: \$\{\{ secrets\.[A-Z_]+ \}\}$/);
    },
  );

  test.each([
    { 'ca-private-key': KEY },
    { 'ca-certificate': `${KEY}\n${CERTIFICATE}` },
    { command: 'verify', 'ca-private-key': KEY },
  ])('never contain a private key: %#', (given) => {
    const error = refusal(given);
    expect(JSON.stringify([error.message, error.hint, error.details])).not.toContain('hunter2');
    expect(findInputSecrets(new Map(Object.entries(given))).map(({ text }) => text)).toEqual([KEY]);
  });

  test('never contain a password whose input name is misspelt', () => {
    const error = refusal({ 'client-pasword': 'hunter2' });
    expect(error.details.violations).toMatchObject([{ input: 'client-pasword' }]);
    expect(JSON.stringify([error.message, error.hint, error.details])).not.toContain('hunter2');
  });
});

test.each([
  ['replica', 'replicas'],
  ['client_user', 'client-user'],
  ['REPLICAS', 'replicas'],
  ['tiemout', 'timeout'],
])('the misspelt input %s is corrected to %s', (written, meant) => {
  expect(
    findClosest(
      written,
      inputTable.map(({ name }) => name),
    ),
  ).toBe(meant);
});

test.each(['token', 'github-token', 'version', 'path', 'who-to-greet'])(
  'the unknown input %s of another action is ignored',
  (name) => {
    expect(parse({ [name]: 'x' })).toEqual(parse({}));
  },
);

test('the parser throws only INPUT_INVALID for any text', () => {
  const texts = fc.dictionary(
    fc.oneof(fc.constantFrom(...inputTable.map(({ name }) => name)), fc.string()),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(texts, (given) => {
      try {
        parse(given);
      } catch (error) {
        expect(hasCode(error, 'INPUT_INVALID')).toBe(true);
      }
    }),
  );
});

test('secrets are masked before inputs are checked', () => {
  const raw = new Map([
    ['replicas', 'x'],
    ['client-password', 'hunter2'],
  ]);
  expect(findInputSecrets(raw)).toEqual([{ text: 'hunter2', source: 'client-password' }]);
});

test('each command reads exactly the inputs that list it', () => {
  for (const command of COMMANDS) {
    const read: string[] = ['command'];
    readers[command](<Value>(row: Row<Value>): Value => {
      read.push(row.name);
      return row.absent;
    });
    const owned = inputTable.filter((row) => row.commands.includes(command)).map(({ name }) => name);
    expect(read.toSorted()).toEqual(owned.toSorted());
  }
});

test.each([
  ['plain', 'name: plain'],
  ['*.example.com', "name: '*.example.com'"],
  ["it's: quoted", "name: 'it''s: quoted'"],
  ['${{ secrets.A }}', 'name: ${{ secrets.A }}'],
  ['a\nb', 'name: |\n  a\n  b'],
])('%j becomes the workflow line %j', (value, line) => {
  expect(formatWorkflowLine('name', value)).toBe(line);
});

test('the description of the output rotation-phase lists every phase', () => {
  const { description } = outputTable.find(({ name }) => name === 'rotation-phase') ?? {};
  for (const phase of ROTATION_PHASES) expect(description).toContain(`\`${phase}\``);
});

test('rotate-targets suggests `certificates` in place of `leaves`', () => {
  const raw = new Map([
    ['command', 'rotate'],
    ['rotate-targets', 'leaves, ca'],
  ]);
  expect(() => parseInputs(raw)).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('rotate-targets: certificates, ca') }),
  );
});
