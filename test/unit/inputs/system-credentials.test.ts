import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ActionError, hasCode } from '../../../src/errors/action-error.ts';
import { credentialsFile as grammar } from '../../../src/inputs/grammar/credential.ts';
import { findOperatorContradictions } from '../../../src/inputs/operator-contradictions.ts';
import { findInputSecrets, parseDeployInputs, parseInputs } from '../../../src/inputs/parse.ts';
import { readConfiguration } from '../../../src/nats/conf/settings/sources.ts';
import { formatCredentials, readCredentials } from '../../../src/nats/jwt/user-credentials.ts';
import { listMasks } from '../../../src/secrets/masks.ts';
import { jwtOf, nkey } from '../../support/nkeys.ts';
import { credentialsFile, seedIn, testOperator } from '../../support/operator.ts';

const account = nkey('account');
const user = nkey('user');
const whole = credentialsFile(account);
const CLAIMS = { type: 'user', version: 2 };

function text(jwt: string, seed: string): string {
  return formatCredentials({ jwt, seed });
}

function jwtIn(credentials: string): string {
  return /^eyJ\S+$/m.exec(credentials)?.[0] ?? '';
}

describe('the input system-credentials', () => {
  test('is the text of a .creds file', () => {
    const credentials = { jwt: jwtIn(whole), seed: seedIn(whole), account: account.publicKey };
    expect(grammar.parse(whole)).toEqual({ kind: 'accepted', value: credentials });
    expect(grammar.parse(whole.replaceAll('\n', '\r\n').trim())).toEqual({ kind: 'accepted', value: credentials });
    expect(readCredentials(formatCredentials(credentials))).toEqual({ kind: 'read', credentials });
  });

  test('has an expiry, even a past one', () => {
    const expiring = credentialsFile(account, { exp: 86_400 });
    expect(grammar.parse(expiring)).toMatchObject({ value: { expiresAt: new Date('1970-01-02T00:00:00Z') } });
    expect(grammar.parse(credentialsFile(account, { exp: 0 }))).not.toHaveProperty('value.expiresAt');
  });

  test('may be signed by a signing key of the account', () => {
    const jwt = jwtOf(nkey('account'), user.publicKey, { ...CLAIMS, issuer_account: account.publicKey });
    expect(grammar.parse(text(jwt, user.seed))).toMatchObject({ value: { account: account.publicKey } });
  });

  const jwt = jwtOf(account, user.publicKey, CLAIMS);
  const [header = '', , signature = ''] = jwt.split('.');
  const body = (claims: unknown) =>
    `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`;
  const good = { iss: account.publicKey, sub: user.publicKey, nats: CLAIMS };

  test.each<readonly [rule: string, text: string]>([
    ['an arbitrary text', 'canary password'],
    ['only a JWT', jwt],
    ['only a seed', user.seed],
    ['a file without the seed', whole.slice(0, whole.indexOf('*****'))],
    ['a file without the JWT', whole.slice(whole.indexOf('*****'))],
    ['a truncated file', whole.slice(0, whole.indexOf('------END USER'))],
    ['a truncated seed', text(jwt, user.seed.slice(0, -1))],
    [
      'a seed with a wrong character',
      text(
        jwt,
        user.seed.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
      ),
    ],
    ['a seed of an account', text(jwt, nkey('account').seed)],
    ['a public key in place of the seed', text(jwt, user.publicKey)],
    ['a seed of another user', text(jwt, nkey('user').seed)],
    ['a JWT of an account', text(jwtOf(nkey('operator'), account.publicKey, { type: 'account' }), user.seed)],
    ['a JWT of another type', text(jwtOf(account, user.publicKey, { type: 'activation' }), user.seed)],
    ['a JWT of an invalid subject', text(body({ ...good, sub: 'me' }), user.seed)],
    ['a JWT without an issuer', text(body({ ...good, iss: undefined }), user.seed)],
    ['a JWT by an operator', text(jwtOf(nkey('operator'), user.publicKey, CLAIMS), user.seed)],
    ['a JWT with an invalid expiry', text(body({ ...good, exp: 'soon' }), user.seed)],
    ['a JWT with an expiry that is too large', text(body({ ...good, exp: 1e300 }), user.seed)],
    ['a JWT without a signature', text(jwt.slice(0, jwt.lastIndexOf('.')), user.seed)],
    [
      'a JWT with another algorithm',
      text(jwt.replace(header, Buffer.from('{"alg":"none"}').toString('base64url')), user.seed),
    ],
    ['a JWT whose claims are not an object', text(body([]), user.seed)],
    ['a JWT that is not JSON', text(`${header}.canary.${signature}`, user.seed)],
    ['a text that is too long', `${whole}${' '.repeat(70_000)}x`],
  ])('is refused and masked, without being quoted: %s', (_, given) => {
    expect(grammar.parse(given)).toMatchObject({ kind: 'refused' });
    const raw = new Map([['system-credentials', given]]);
    const failure = attempt(() => parseInputs(raw));
    const failureText = `${failure?.message} ${failure?.hint} ${JSON.stringify(failure?.details)}`;
    const seeds = [user.seed, seedIn(given), 'canary'].filter((secret) => secret !== '');
    expect(seeds.filter((secret) => failureText.includes(secret))).toStrictEqual([]);
    expect(findInputSecrets(raw).flatMap(({ text: secret }) => listMasks(secret)).length).toBeGreaterThan(0);
    expect(failure?.details).toMatchObject({ violations: [{ input: 'system-credentials' }] });
  });

  test('is masked by its JWT and its seed, but not by its explanations', () => {
    const secrets = findInputSecrets(new Map([['system-credentials', whole]]));
    expect(secrets.map(({ text: secret }) => secret)).toEqual([jwtIn(whole), seedIn(whole)]);
  });

  test('is refused if it is any other text', () => {
    const parts = fc.constantFrom(
      '-----BEGIN NATS USER JWT-----\n',
      '\n------END NATS USER JWT------\n',
      jwt,
      user.seed,
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(parts, fc.string())), (pieces) => {
        expect(grammar.parse(pieces.join('')).kind).toBe('refused');
      }),
    );
  });
});

describe('the inputs in addition to a custom configuration', () => {
  const operator = testOperator();
  const tree = (config: string) =>
    readConfiguration({ input: 'config', file: 'config', text: config }, { files: new Map(), environment: new Set() });
  const wrong = (config: string | undefined, inputs: Readonly<Record<string, string>>) =>
    findOperatorContradictions(
      parseDeployInputs(new Map(Object.entries(inputs))),
      config === undefined ? undefined : tree(config),
    ).map(({ input }) => input);
  const given = { 'system-credentials': operator.systemUser() };

  test('may include system credentials if it has an operator', () => {
    expect(wrong(operator.configuration(), given)).toStrictEqual([]);
    expect(wrong(operator.configuration(), { ...given, 'client-user': 'nats_client_user', 'route-user': 'r' })).toEqual(
      [],
    );
  });

  test.each<readonly [string | undefined]>([[undefined], ['max_subscriptions: 5']])(
    'must not include system credentials without an operator: %s',
    (config) => {
      expect(wrong(config, given)).toEqual(['system-credentials']);
      expect(wrong(config, { 'client-user': 'a' })).toStrictEqual([]);
    },
  );

  test('may lack system credentials, which the caller then finds', () => {
    expect(wrong(operator.configuration(), {})).toStrictEqual([]);
    expect(wrong(undefined, {})).toStrictEqual([]);
  });

  test('may include credentials of any account if it has no system account', () => {
    const [first = ''] = operator.configuration().split('\n');
    expect(wrong(first, { 'system-credentials': operator.user() })).toStrictEqual([]);
  });

  test('may include `client-verify: verify` with an operator', () => {
    expect(wrong(operator.configuration(), { ...given, 'client-verify': 'verify' })).toStrictEqual([]);
  });

  test('lead to all violations at once', () => {
    const all = { 'client-user': 'app', 'client-password': 'canary', users: '[{user: a, password: canary}]' };
    expect(wrong(operator.configuration(), { ...all, 'system-credentials': operator.user() })).toEqual([
      'client-user',
      'client-password',
      'users',
      'system-credentials',
    ]);
  });

  test.each<readonly [input: string, value: string]>([
    ['client-user', 'app'],
    ['client-password', 'canary'],
    ['users', '[{user: a, password: canary}]'],
    ['client-verify', 'verify-and-map'],
    ['system-credentials', credentialsFile(nkey('account'))],
  ])('must not include %s with an operator', (input, value) => {
    expect(wrong(operator.configuration(), { ...given, [input]: value })).toEqual([input]);
  });
});

function attempt(run: () => unknown): ActionError<'INPUT_INVALID'> | undefined {
  try {
    run();
  } catch (error) {
    if (hasCode(error, 'INPUT_INVALID')) return error;
    throw error;
  }
  return undefined;
}
