import { describe, expect, test } from '@jest/globals';
import { recoverUsers } from '../../../src/manifests/recovered-users.ts';
import { findSecretsInData } from '../../../src/manifests/secret-values.ts';

const system = (user: string) => `accounts { $SYS { users [${user}] } }`;
const route = (user: string) => `cluster { authorization ${user} }`;
const found = { user: 'u', password: 'p' };

describe('the users in a running configuration', () => {
  test.each<[string, string, object]>([
    [
      'are found',
      `${system('{user: u, password: p}')}\n${route('{user: u, password: p}')}`,
      { system: found, route: found },
    ],
    ['are found without the mark of a certificate', system('{user: "CN=u", password: p}'), { system: found }],
    ['are the first ones', system('{user: u, password: p}, {user: v, password: q}'), { system: found }],
    ['need a name', system('{user: "", password: p}'), { system: undefined }],
    ['need a password', system('{user: u, password: ""}'), { system: undefined }],
    ['need both', `${system('{user: u}')}\n${route('{password: p}')}`, { system: undefined, route: undefined }],
    ['need a name that is a text', system('{user: 1, password: p}'), { system: undefined }],
    ['need a password that is a text', system('{user: u, password: 1}'), { system: undefined }],
    ['are unknown without users', 'accounts { $SYS { users [] } }', { system: undefined, route: undefined }],
    ['are unknown if they are no list', 'accounts { $SYS { users: {user: u, password: p} } }', { system: undefined }],
  ])('%s', (_, text, users) => {
    expect(recoverUsers(text)).toMatchObject(users);
  });

  test('are unknown without a configuration', () => {
    expect(recoverUsers(undefined)).toEqual({ system: undefined, route: undefined });
  });
});

describe('the secrets in the data of a Secret', () => {
  const key = '-----BEGIN PRIVATE KEY-----\nS0VZS0VZS0VZ\n-----END PRIVATE KEY-----\n';
  test.each<[string, string, string, boolean]>([
    ['a password', 'client-password', 'canary', true],
    ['a user', 'client-username', 'canary', false],
    ['the progress of a rotation', 'client-ca-rotation', 'canary', false],
    ['a private key', 'route-nats-0.key', 'canary', true],
    ['a private key between certificates', 'route-nats-0.crt', key, true],
    ['a certificate', 'route-nats-0.crt', 'canary', false],
    ['a file of the user', 'unknown', 'canary', true],
    ['the URL', 'url', 'canary', false],
    ['a password of the shortest length in a configuration', 'nats.conf', 'password: abcd', true],
    ['a shorter password in a configuration', 'nats.conf', 'password: abc', false],
  ])('contain %s only if it is secret: %s', (_, name, text, isSecret) => {
    expect(findSecretsInData('nats-x', { [name]: text }).length > 0).toBe(isSecret);
  });

  test('name their key and their Secret', () => {
    expect(findSecretsInData('nats-x', { password: 'canary' })).toEqual([
      { text: 'canary', source: 'password of Secret nats-x' },
    ]);
  });
});
