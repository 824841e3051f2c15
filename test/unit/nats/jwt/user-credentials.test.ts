import { describe, expect, test } from '@jest/globals';
import { findCredentials, formatCredentials, readCredentials } from '../../../../src/nats/jwt/user-credentials.ts';
import { jwtOf, nkey } from '../../../support/nkeys.ts';

const MAX_CHARACTERS = 64 * 1024;
const [account, user] = [nkey('account'), nkey('user')];
const CLAIMS = { type: 'user', version: 2 };

/** Returns the credentials of the user whose JWT has these claims. */
function withClaims(nats: object, more: object = {}): string {
  return formatCredentials({ jwt: jwtOf(account, user.publicKey, nats, more), seed: user.seed });
}

/** Returns the credentials of the user with another header in the JWT. */
function withHeader(header: object): string {
  const [, ...rest] = jwtOf(account, user.publicKey, CLAIMS).split('.');
  const encoded = Buffer.from(JSON.stringify(header)).toString('base64url');
  return formatCredentials({ jwt: [encoded, ...rest].join('.'), seed: user.seed });
}

describe('the credentials of a user', () => {
  test.each<readonly [string, string]>([
    ['a JWT of the user type', withClaims(CLAIMS)],
    ['a JWT without a type, as the first version writes it', withClaims({})],
    ['a JWT with the algorithm of the first version', withHeader({ typ: 'jwt', alg: 'ed25519' })],
    ['an empty signing account', withClaims({ ...CLAIMS, issuer_account: '' })],
    ['explanations up to the maximum length', withClaims(CLAIMS).padEnd(MAX_CHARACTERS, '*')],
  ])('are read with %s', (_, text) => {
    expect(readCredentials(text)).toMatchObject({ kind: 'read', credentials: { account: account.publicKey } });
  });

  test.each<readonly [string, string]>([
    ['a text beyond the maximum length', withClaims(CLAIMS).padEnd(MAX_CHARACTERS + 1, '*')],
    ['an account that is not an account', withClaims({ ...CLAIMS, issuer_account: user.publicKey })],
    ['an account that is not a text', withClaims({ ...CLAIMS, issuer_account: 5 })],
    ['a type that is not a text', withClaims({ type: null })],
    [
      'a subject that is not a user',
      formatCredentials({ jwt: jwtOf(account, account.publicKey, {}), seed: user.seed }),
    ],
    ['no algorithm', withHeader({ typ: 'JWT' })],
    [
      'a fourth part in the JWT',
      formatCredentials({ jwt: `${jwtOf(account, user.publicKey, CLAIMS)}.x`, seed: user.seed }),
    ],
    ['an expiry that is a text', withClaims(CLAIMS, { exp: '86400' })],
  ])('are unreadable with %s', (_, text) => {
    const read = readCredentials(text);
    expect(read.kind).toBe('unreadable');
    expect(JSON.stringify(read)).not.toContain(user.seed);
  });

  test.each<readonly [string, string, RegExp]>([
    ['both parts', 'canary', /^a user JWT and its nkey seed/],
    ['the seed', withClaims(CLAIMS).split('-----BEGIN USER')[0] ?? '', /^the nkey seed/],
    ['the JWT', withClaims(CLAIMS).replace(/^[^]*(?=-----BEGIN USER)/, ''), /^a user JWT between/],
  ])('are unreadable without %s, and the missing part is named', (_, text, lacks) => {
    expect(readCredentials(text)).toEqual({ kind: 'unreadable', lacks: expect.stringMatching(lacks) });
  });

  test('never expire without an expiry, and at the time of the expiry otherwise', () => {
    expect(readCredentials(withClaims(CLAIMS))).not.toHaveProperty('credentials.expiresAt');
    expect(readCredentials(withClaims(CLAIMS, { exp: 0 }))).not.toHaveProperty('credentials.expiresAt');
    expect(readCredentials(withClaims(CLAIMS, { exp: 1 }))).toMatchObject({
      credentials: { expiresAt: new Date(1000) },
    });
  });

  test('are found in any text', () => {
    const jwt = jwtOf(account, user.publicKey, CLAIMS);
    expect(findCredentials(`x ${jwt}\n<${user.seed}>`)).toEqual([jwt, user.seed]);
    expect(findCredentials('nothing secret')).toStrictEqual([]);
  });
});
