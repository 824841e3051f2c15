import { describe, expect, test } from '@jest/globals';
import { readKeptTracks } from '../../../../src/commands/desired/kept-tracks.ts';
import {
  requireOperatorInputs,
  requireRotatable,
  requireSameAuthMode,
  requireValidCredentials,
} from '../../../../src/commands/preflight/operator-mode.ts';
import type { RotateInputs } from '../../../../src/inputs/inputs.ts';
import { parseInputs } from '../../../../src/inputs/parse.ts';
import type { UserConfiguration } from '../../../../src/nats/conf/settings/merge.ts';
import { readTexts } from '../../../../src/nats/conf/settings/sources.ts';
import { readCredentials, type UserCredentials } from '../../../../src/nats/jwt/user-credentials.ts';
import { seedIn, testOperator } from '../../../support/operator.ts';
import { clusterSpec } from '../../support/cluster-spec.ts';
import { deployInputs } from '../../support/deploy-inputs.ts';
import { liveState, runningSet } from '../../support/live-state.ts';
import { storedMaterial } from '../../support/stored-material.ts';

const operator = testOperator();
const file = operator.systemUser();
const config = own(operator.configuration());
const plain = own('max_subscriptions: 5');
const now = new Date('2026-11-23T00:00:00Z');
const expiry = now.getTime() / 1000;

function own(text: string): UserConfiguration {
  return readTexts({ input: 'config', file: 'config', text, included: new Map() });
}

function credentialsOf(text: string): UserCredentials {
  const read = readCredentials(text);
  if (read.kind === 'unreadable') throw new Error(read.lacks);
  return read.credentials;
}

function refused(...inputs: readonly string[]) {
  return expect.objectContaining({
    code: 'INPUT_INVALID',
    details: { violations: inputs.map((input) => expect.objectContaining({ input })) },
  });
}

describe('operator mode', () => {
  const systemCredentials = credentialsOf(file);

  test('needs system credentials, which are refused without an operator', () => {
    expect(() => requireOperatorInputs(deployInputs({ config, systemCredentials }), now)).not.toThrow();
    expect(() => requireOperatorInputs(deployInputs({ config: plain }), now)).not.toThrow();
    expect(() => requireOperatorInputs(deployInputs({ config }), now)).toThrow(refused('system-credentials'));
    expect(() => requireOperatorInputs(deployInputs({ config: plain, systemCredentials }), now)).toThrow(
      refused('system-credentials'),
    );
  });

  test('is refused with all violations at once', () => {
    const inputs = deployInputs({ config, clientPassword: 'canary', clientVerify: 'verify-and-map' });
    expect(() => requireOperatorInputs(inputs, now)).toThrow(
      refused('client-password', 'client-verify', 'system-credentials'),
    );
  });

  test.each([
    [0, refused('system-credentials')],
    [-1, refused('system-credentials')],
    [1, undefined],
  ])('refuses credentials from the second on in which they expire: %d s before', (left, failure) => {
    const given = deployInputs({ config, systemCredentials: credentialsOf(operator.systemUser(expiry + left)) });
    const judge = () => requireOperatorInputs(given, now);
    if (failure === undefined) expect(judge).not.toThrow();
    else expect(judge).toThrow(failure);
  });

  test.each([
    ['must not change from users to an operator', plain, config, true],
    ['must not change from no configuration to an operator', undefined, config, true],
    ['must not change from an operator to users', config, plain, true],
    ['must not change from an operator to no configuration', config, undefined, true],
    ['may change from one operator to another', config, own(testOperator().configuration()), false],
    ['does not forbid a change from users to no configuration', plain, undefined, false],
  ])('%s in a running cluster', (_, before, wanted, isRefused) => {
    const stored = storedMaterial({ configuration: before?.texts });
    const judge = (statefulSet: typeof runningSet | undefined) => () =>
      requireSameAuthMode(deployInputs({ config: wanted }), liveState({ stored, statefulSet }));
    expect(judge(undefined)).not.toThrow();
    if (isRefused) expect(judge(runningSet)).toThrow(expect.objectContaining({ code: 'CHANGE_FORBIDDEN' }));
    else expect(judge(runningSet)).not.toThrow();
  });

  test('may change if the stored configuration is unreadable', () => {
    const live = liveState({ stored: storedMaterial({ configuration: '{}' }), statefulSet: runningSet });
    expect(() => requireSameAuthMode(deployInputs({ config }), live)).not.toThrow();
  });
});

describe('a command without the input config', () => {
  const kept = async (systemCredentials: string | undefined, given?: UserCredentials, configuration = config) => {
    const live = liveState({ stored: storedMaterial({ configuration: configuration.texts, systemCredentials }) });
    const deployment = deployInputs({ systemCredentials: given });
    const { credentials } = await readKeptTracks(clusterSpec(), live, deployment, { now, given: undefined });
    return credentials;
  };
  const rotation = (inputs: Readonly<Record<string, string>>): RotateInputs => {
    const parsed = parseInputs(new Map(Object.entries({ command: 'rotate', ...inputs })));
    if (parsed.command !== 'rotate') throw new Error('not what was asked for');
    return parsed;
  };

  test('keeps the stored credentials, unless new ones are given', async () => {
    expect((await kept(file)).systemCredentials).toEqual(credentialsOf(file));
    const other = credentialsOf(operator.systemUser());
    expect((await kept(file, other)).systemCredentials).toEqual(other);
    expect((await kept(undefined, other)).systemCredentials).toEqual(other);
  });

  test('ignores stored credentials of an earlier operator', async () => {
    expect(await kept(file, undefined, plain)).not.toHaveProperty('systemCredentials');
  });

  test.each([undefined, '', 'canary', file.replace(seedIn(file), '')])(
    'fails if the stored credentials are missing or unreadable',
    async (text) => {
      await expect(kept(text)).rejects.toMatchObject({ code: 'DRIFT', reason: 'SystemCredentialsUnreadable' });
    },
  );

  test('rotates with valid credentials, and refuses inputs that an operator replaces', async () => {
    const credentials = await kept(file);
    expect(() => requireRotatable(rotation({}), credentials, now)).not.toThrow();
    expect(() => requireRotatable(rotation({ 'system-credentials': file }), credentials, now)).not.toThrow();
    expect(() => requireRotatable(rotation({ 'client-password': 'canary' }), credentials, now)).toThrow(
      refused('client-password'),
    );
    const expired = { ...credentials, systemCredentials: credentialsOf(operator.systemUser(expiry)) };
    expect(() => requireRotatable(rotation({}), expired, now)).toThrow(refused('system-credentials'));
  });

  test('verifies with valid credentials', async () => {
    const credentials = await kept(file);
    const until = (left: number) => ({
      ...credentials,
      systemCredentials: credentialsOf(operator.systemUser(expiry + left)),
    });
    expect(() => requireValidCredentials(credentials, now)).not.toThrow();
    expect(() => requireValidCredentials(until(1), now)).not.toThrow();
    expect(() => requireValidCredentials(until(0), now)).toThrow(
      expect.objectContaining({ code: 'CERTIFICATE_EXPIRING', reason: 'SystemCredentialsExpired' }),
    );
  });

  test('refuses credentials for a NATS cluster without an operator', async () => {
    const credentials = await kept(undefined, undefined, plain);
    expect(() => requireRotatable(rotation({ 'system-credentials': file }), credentials, now)).toThrow(
      refused('system-credentials'),
    );
  });
});
