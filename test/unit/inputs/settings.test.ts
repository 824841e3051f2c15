import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ActionError, hasCode, isActionError } from '../../../src/errors/action-error.ts';
import { inputTable } from '../../../src/inputs/inputs.ts';
import { parseInputs } from '../../../src/inputs/parse.ts';
import { readDeployInputs, settingsOf } from '../../../src/inputs/settings.ts';

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';
const KEY = '-----BEGIN PRIVATE KEY-----\nhunter2hunter2hunter2\n-----END PRIVATE KEY-----';
const DAY_MS = 86_400_000;

type Texts = Readonly<Record<string, string>>;

const raw = (texts: Texts) => new Map(Object.entries(texts));
const kept = (texts: Texts) => settingsOf(raw(texts));
const joined = (settings: string, given: Texts) => readDeployInputs(settings, raw(given));

function refusal(settings: string, given: Texts = {}): ActionError {
  try {
    joined(settings, given);
  } catch (error) {
    if (isActionError(error)) return error;
    throw error;
  }
  throw new Error('the settings were accepted');
}

describe('the stored settings of a cluster', () => {
  test('are in alphabetical order on one line, whatever the order of the inputs was', () => {
    const settings = '{"image":"nats:2.12","replicas":"5","resources":"{limits:\\n {}}"}';
    expect(kept({ resources: '{limits:\n {}}', replicas: ' 5\n', image: 'nats:2.12' })).toBe(settings);
    expect(kept({ image: 'nats:2.12', resources: '{limits:\n {}}', replicas: '5' })).toBe(settings);
  });

  test('are empty if every input is empty or its default', () => {
    expect(kept({})).toBe('{}');
    expect(kept(Object.fromEntries(inputTable.map((row) => [row.name, row.default])))).toBe('{}');
    expect(kept(Object.fromEntries(inputTable.map(({ name }) => [name, ' '])))).toBe('{}');
  });

  test('describe the cluster, and contain no secret and no option of a single run', () => {
    const all = Object.fromEntries(inputTable.map(({ name }) => [name, 'hunter2']));
    const settings: object = JSON.parse(kept({ ...all, token: 'hunter2' }));
    expect(Object.keys(settings)).toEqual([
      'anti-affinity',
      'ca-overlap',
      'ca-validity',
      'certificate-validity',
      'client-certificates',
      'client-user',
      'client-verify',
      'debug',
      'image',
      'image-pull-secrets',
      'jetstream',
      'jetstream-memory',
      'jetstream-storage',
      'jetstream-storage-class',
      'key-algorithm',
      'logtime',
      'max-connections',
      'max-control-line',
      'max-payload',
      'metrics',
      'network-policy',
      'overrides',
      'renew-before',
      'replicas',
      'resources',
      'route-tls-secret',
      'route-user',
      'security-context',
      'server-tls-secret',
      'service-type',
      'subject-alt-names',
      'trace',
      'write-deadline',
    ]);
  });

  test.each(['client-password', 'route-password', 'ca-certificate', 'ca-private-key', 'kubeconfig'])(
    'never contain %s',
    (name) => {
      expect(kept({ [name]: 'hunter2' })).toBe('{}');
    },
  );

  test('give another command the inputs of deploy', () => {
    const given = { replicas: '5', debug: 'true', 'client-certificates': 'orders, billing', 'ca-overlap': '1h' };
    expect(joined(kept(given), { command: 'rotate' })).toEqual(parseInputs(raw(given)));
  });

  test('stay the same when they are stored again', () => {
    const settings = kept({ replicas: '5', 'subject-alt-names': 'a.b,\nc.d' });
    expect(settingsOf(raw(JSON.parse(settings)))).toBe(settings);
  });
});

describe('the inputs of a command', () => {
  const settings = kept({ 'renew-before': '20d', 'client-user': 'shop', replicas: '5' });

  test.each([
    ['override stored settings', { command: 'rotate', 'renew-before': '10d' }, { renewBeforeMs: 10 * DAY_MS }],
    [
      'keep stored settings if they are empty',
      { command: 'verify', 'renew-before': ' ' },
      { renewBeforeMs: 20 * DAY_MS },
    ],
    [
      'keep stored settings if they equal their defaults',
      { command: 'verify', 'renew-before': '30d' },
      { renewBeforeMs: 20 * DAY_MS },
    ],
    [
      'alone define the cluster, the timeout and the permissions',
      { command: 'rotate', namespace: 'a', name: 'orders', timeout: '20m', allow: 'outage' },
      { namespace: 'a', name: 'orders', timeoutMs: 1_200_000, allow: ['outage'], replicas: 5 },
    ],
    [
      'provide the secrets',
      { command: 'rotate', 'client-password': 'p', 'ca-certificate': CERTIFICATE, 'ca-private-key': KEY },
      { clientUser: 'shop', clientPassword: 'p', ca: { certificate: CERTIFICATE, privateKey: KEY } },
    ],
    ['are not passed on if deploy does not have them', { command: 'rotate', force: 'true' }, { command: 'deploy' }],
  ])('%s', (_rule, given, expected) => {
    const inputs = joined(settings, given);
    expect(inputs).toMatchObject(expected);
    expect(inputs).not.toHaveProperty('force');
  });

  test.each([
    ['renew-before', { 'certificate-validity': '60d' }, { command: 'verify', 'renew-before': '70d' }],
    ['certificate-validity', { 'ca-validity': '100d' }, { command: 'rotate', 'certificate-validity': '101d' }],
    [
      'ca-certificate',
      { 'server-tls-secret': 'own' },
      { command: 'rotate', 'ca-certificate': CERTIFICATE, 'ca-private-key': KEY },
    ],
  ])('are refused if %s contradicts a stored setting', (input, before, given) => {
    const error = refusal(kept(before), given);
    expect(error).toMatchObject({ code: 'INPUT_INVALID', details: { violations: [{ input }] } });
    expect(JSON.stringify([error.message, error.hint, error.details])).not.toContain('hunter2');
  });

  test('are accepted if a stored setting makes them valid', () => {
    const given = { command: 'rotate', 'renew-before': '100d' };
    expect(parseInputs(raw(given)).command).toBe('rotate');
    expect(joined(kept({ 'certificate-validity': '365d' }), given)).toMatchObject({ renewBeforeMs: 100 * DAY_MS });
    expect(refusal('{}', given).code).toBe('INPUT_INVALID');
  });
});

describe('manually edited settings', () => {
  test.each([
    ['an empty text', ''],
    ['invalid JSON', 'hunter2'],
    ['incomplete JSON', '{"replicas":"5"'],
    ['a list', '["replicas"]'],
    ['null', 'null'],
    ['a number', '5'],
    ['a value that is not a text', '{"replicas":5}'],
    ['a nested value', '{"replicas":{"hunter2":"5"}}'],
    ['an unknown name', '{"replica":"5"}'],
    ['the name of a prototype', '{"__proto__":"5"}'],
    ['an input for the target cluster', '{"kubeconfig":"/hunter2"}'],
    ['a secret', '{"client-password":"hunter2"}'],
    ['the input allow', '{"allow":"outage"}'],
    ["another command's input", '{"force":"true"}'],
    ['an invalid value', '{"replicas":"0"}'],
    ['a contradiction', '{"certificate-validity":"24h","renew-before":"25h"}'],
    ['deep nesting', '['.repeat(100_000)],
  ])('are refused: %s', (_rule, settings) => {
    const error = refusal(settings, { command: 'rotate', replicas: '5' });
    expect(error).toMatchObject({
      code: 'DRIFT',
      reason: 'SettingsUnreadable',
      details: { problems: [{ object: 'settings', reason: 'SettingsUnreadable' }] },
    });
    expect(JSON.stringify([error.message, error.hint, error.details, error.cause])).not.toContain('hunter2');
  });

  test('are refused with every refused value at once', () => {
    expect(refusal('{"replicas":"0","debug":"maybe"}').details).toMatchObject({
      problems: [{ message: expect.stringMatching(/^replicas: /) }, { message: expect.stringMatching(/^debug: /) }],
    });
  });

  test('never make the parser throw anything but DRIFT', () => {
    const name = fc.oneof(fc.constantFrom(...inputTable.map((row) => row.name)), fc.string());
    const object = fc.dictionary(name, fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue()));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string(),
          object.map((value) => JSON.stringify(value)),
        ),
        (settings) => {
          try {
            expect(joined(settings, { command: 'verify' }).command).toBe('deploy');
          } catch (error) {
            if (!hasCode(error, 'DRIFT')) throw error;
          }
        },
      ),
    );
  });
});
