import { describe, expect, test } from '@jest/globals';
import { parseConfiguration } from '../../../../../src/nats/conf/reader/parse.ts';
import { listConfiguredUsers } from '../../../../../src/nats/conf/settings/configured-users.ts';
import { findReservedUsers } from '../../../../../src/nats/conf/settings/merge.ts';
import { findSystemAccount, hasSentinel } from '../../../../../src/nats/conf/settings/operator.ts';

function treeOf(text: string) {
  const surroundings = { files: new Map<string, string>(), environment: new Set(['PASSWORD']) };
  return parseConfiguration({ input: 'config', file: 'config', text }, surroundings);
}

describe('the users of a custom configuration', () => {
  test.each<readonly [string, string, readonly object[]]>([
    ['none without accounts', 'max_subs: 5', []],
    ['none in blocks without users', 'authorization { timeout: 2 }, accounts { A {}, B: $PASSWORD }', []],
    ['none in a value that is not a list', 'authorization { users: hunter2 }', []],
    ['none in the short form of accounts', 'accounts: [A, B ]', []],
    ['those of authorization', 'authorization { users: [{user: a, password: p}] }', [{ user: 'a', password: 'p' }]],
    [
      'those of every account',
      'U: [{user: b, pass: p}]\naccounts { A { users: [{username: a, pass: p}] }, B { users: $U } }',
      [
        { user: 'a', password: 'p' },
        { user: 'b', password: 'p' },
      ],
    ],
    ['those with an nkey, even with a name', 'authorization { users: [{user: a, nkey: UABC}] }', [{ nkey: 'UABC' }]],
    ['those without a password', 'authorization { users: [{user: a}] }', [{ user: 'a', password: undefined }]],
    [
      'those with a number for a name and a password',
      'authorization { users: [{user: 5, password: 7}] }',
      [{ user: '5', password: '7' }],
    ],
    [
      'those whose password comes from the environment',
      'authorization { users: [{user: a, password: $PASSWORD}] }',
      [{ user: 'a', password: undefined }],
    ],
    ['not items without a name', 'authorization { users: [hunter2, {password: p}, {user: {a: b}}] }', []],
  ])('are %s', (_, text, credentials) => {
    expect(listConfiguredUsers(treeOf(text)).map(({ shown }) => shown)).toStrictEqual(credentials);
  });

  test.each<readonly [string, string, readonly number[]]>([
    ['with the name', 'authorization { users: [\n{user: app}, {user: other}\n{user: app}] }', [2, 3]],
    ['not without a name', 'accounts { A { users: [{password: app}, app] } }', []],
    ['not with a number for a name', 'authorization { users: [{user: 5}] }', []],
    [
      'not with an operator, which authenticates users by JWT',
      'operator: x\naccounts { A { users: [{user: app}] } }',
      [],
    ],
  ])('are refused %s of a generated user', (_, text, lines) => {
    const found = findReservedUsers({ input: 'config', tree: treeOf(text) }, (user) => user === 'app');
    expect(found).toStrictEqual(
      lines.map((line) => expect.objectContaining({ at: expect.objectContaining({ line }) })),
    );
  });
});

test.each([
  ['system_account: ADSY', 'ADSY'],
  ['system: "ADSY"', 'ADSY'],
  ['system_account: ""', undefined],
  ['system_account: 5', undefined],
  ['debug: false', undefined],
])('the system account in %s is %p', (text, account) => {
  expect(findSystemAccount(treeOf(text))).toBe(account);
});

test('clients without credentials need a sentinel in the configuration', () => {
  expect([hasSentinel(treeOf('default_sentinel: eyJ')), hasSentinel(treeOf('operator: eyJ'))]).toEqual([true, false]);
});
