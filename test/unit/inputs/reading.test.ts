import { describe, expect, test } from '@jest/globals';
import type { InputViolation } from '../../../src/errors/action-error.ts';
import { inputTable } from '../../../src/inputs/inputs.ts';
import {
  findInputSecrets,
  hideQuotedValue,
  parseDeployInputs,
  parseInputs,
  readGivenText,
  wantsSummary,
} from '../../../src/inputs/parse.ts';
import { describeUnset, mergeSettings, readStatedDeployment, settingsOf } from '../../../src/inputs/settings.ts';

type Given = Readonly<Record<string, string>>;

const raw = (given: Given) => new Map(Object.entries(given));

describe('the job summary', () => {
  test.each([
    [{}, true],
    [{ summary: 'false' }, false],
    [{ summary: ' FALSE\n' }, false],
    [{ summary: 'true' }, true],
    [{ summary: '' }, true],
    [{ summary: 'maybe' }, true],
  ])('is written for the inputs %j: %s', (given, isWritten) => {
    expect(wantsSummary(raw(given))).toBe(isWritten);
  });
});

describe('a violation that may quote a secret', () => {
  const violation = (input: string, message: string): InputViolation => ({ input, message, correction: 'c' });

  test.each([
    ['replicas', 'replicas: 3'],
    ['context', 'context: staging'],
    ['client-password', 'client-password: ${{ secrets.CLIENT_PASSWORD }}'],
  ])('of %s loses the quote and the corrected value', (input, correction) => {
    const hidden = hideQuotedValue({ ...violation(input, 'got "hunter2", expected x'), correction: 'hunter2' });
    expect(hidden).toMatchObject({ input, correction });
    expect(JSON.stringify(hidden)).not.toContain('hunter2');
  });

  test.each([
    ['has no quote', violation('replicas', 'got nothing, expected "x"')],
    ['is about an unknown input', violation('hunter', 'got "x", expected y')],
  ])('stays unchanged if it %s', (_, unchanged) => {
    expect(hideQuotedValue(unchanged)).toBe(unchanged);
  });
});

describe('the text of an input', () => {
  const row = inputTable.find(({ name }) => name === 'replicas');

  test.each([
    [{ replicas: '5' }, '5'],
    [{ replicas: ' 5\n' }, '5'],
    [{ replicas: ' 3 ' }, undefined],
    [{ replicas: ' ' }, undefined],
    [{}, undefined],
    [{ name: '5' }, undefined],
  ])('is given by %j as %j', (given: Given, text) => {
    expect(row === undefined ? 'no such input' : readGivenText(row, raw(given))).toBe(text);
  });
});

test.each([
  ['of an input', { 'client-password': 'a', name: 'b' }, [{ text: 'a', source: 'client-password' }]],
  ['of an input in spaces', { 'client-password': ' a ' }, [{ text: 'a', source: 'client-password' }]],
  ['of a misspelt input', { 'client-pasword': 'a' }, [{ text: 'a', source: 'client-pasword' }]],
  ['of no unknown input', { other: 'a' }, []],
  ['of no blank input', { 'client-password': ' ' }, []],
])('the secrets are those %s', (_, given: Given, secrets) => {
  expect(findInputSecrets(raw(given))).toStrictEqual(secrets);
});

test('an input of another action beside a misspelt one is ignored', () => {
  expect(() => parseInputs(raw({ token: 'x', replica: '5' }))).toThrow(
    expect.objectContaining({
      details: { violations: [{ input: 'replica', correction: 'replicas: 5', message: expect.any(String) }] },
    }),
  );
});

test.each([
  ['replicas', '3 (default)'],
  ['overrides', 'no patches'],
  ['image', 'the image that runs'],
  ['kubeconfig', 'default'],
  ['unknown', 'default'],
])('the input %s without a value means: %s', (input, meaning) => {
  expect(describeUnset(input)).toBe(meaning);
});

test('the lists of missing inputs are empty', () => {
  const { imagePullSecrets, overrides, users, clientCertificates, subjectAltNames, allow } = parseDeployInputs(raw({}));
  const { dnsNames, ipAddresses } = subjectAltNames;
  const lists = [imagePullSecrets, overrides, users, clientCertificates, dnsNames, ipAddresses, allow];
  expect(lists).toStrictEqual(lists.map(() => []));
});

describe('the stored settings', () => {
  const settings = settingsOf(raw({ replicas: '5', debug: 'true' }));

  test.each([
    ['stay if a later command has no inputs', {}, { debug: 'true', replicas: '5' }],
    ['are replaced by a later input', { replicas: '7' }, { debug: 'true', replicas: '7' }],
    ['stay if a later input equals its default', { replicas: '3' }, { debug: 'true', replicas: '5' }],
    ['get a later input', { image: 'nats:2.12' }, { debug: 'true', image: 'nats:2.12', replicas: '5' }],
    [
      'get no secret and no option of one run',
      { 'client-password': 'a', timeout: '1h' },
      { debug: 'true', replicas: '5' },
    ],
  ])('%s', (_, given: Given, merged) => {
    expect(mergeSettings(settings, raw(given))).toBe(JSON.stringify(merged));
  });

  test('state the deployment by its inputs and by their texts', () => {
    const { inputs, texts } = readStatedDeployment(settings);
    expect(texts).toEqual({ debug: 'true', replicas: '5' });
    expect(inputs).toMatchObject({ command: 'deploy', replicas: 5, debug: true, name: 'nats' });
    expect(readStatedDeployment('{}').texts).toEqual({});
  });

  test('are refused by each command that reads them', () => {
    for (const read of [() => mergeSettings('{"a":"b"}', raw({})), () => readStatedDeployment('{"a":"b"}')]) {
      expect(read).toThrow(expect.objectContaining({ code: 'DRIFT', reason: 'SettingsUnreadable' }));
    }
  });
});
