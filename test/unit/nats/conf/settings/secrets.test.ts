import { expect, test } from '@jest/globals';
import { parseConfiguration } from '../../../../../src/nats/conf/reader/parse.ts';
import {
  collectSecrets,
  findSecretsInText,
  formatWithoutSecrets,
  removeSecrets,
} from '../../../../../src/nats/conf/settings/secrets.ts';

const seed = `SU${'A2'.repeat(28)}`;

const rows: readonly (readonly [string, string, readonly string[]])[] = [
  ['passwords under both names, in any case', 'a: [{user: x, Password: "p 1"}\n{user: y, pass: p2}]', ['p 1', 'p2']],
  ['tokens and encryption keys', 'authorization { token: "t1" }\njetstream { key: \'k1\' }', ['t1', 'k1']],
  ['passwords in URLs, encoded and decoded', 'r: ["nats://u:p%40%C3%A4@h:1", "h:1"\n]', ['p%40%C3%A4', 'p@ä']],
  ['values of variables', 'P: s3cret\nu: {pass: $P}', ['s3cret']],
  ['nkey seeds at any place', `x: ${seed}`, [seed]],
  ['words of a list under the name', 'token: [t1, {a: b}, [t2 ]]', ['t1', 't2']],
  ['not names, numbers and paths', 'user: u\nkey_file: "/k"\ntoken: 5\npasswords: {a: b}', []],
];

function treeOf(text: string) {
  const surroundings = { files: new Map<string, string>(), environment: new Set<string>() };
  return parseConfiguration({ input: 'config', file: 'f', text }, surroundings);
}

test.each(rows)('the secrets of a configuration are %s', (_, text, secrets) => {
  expect(collectSecrets(treeOf(text))).toEqual(secrets);
});

test('a text about a configuration has none of its secrets, also if one is a part of another or empty', () => {
  const tree = treeOf('a { password: p4ss }, b { password: p4ssword }, c { password: "" }');
  expect(removeSecrets('p4ssword, p4ss and p4s', tree)).toBe('***, *** and p4s');
});

test.each([
  ['a password', 'u {pass: p1}', 'u {pass: p2}', true],
  ['a password in a URL', 'r: "nats://u:p1@h:1"', 'r: "nats://u:p2@h:1"', true],
  ['the host of a URL', 'r: "nats://u:p1@h:1"', 'r: "nats://u:p1@i:1"', false],
  ['a name', 'u {user: a, pass: p}', 'u {user: b, pass: p}', false],
  ['an integer of 64 bits', 'a: 9007199254740993', 'a: 9007199254740995', false],
])('a configuration without its secrets is compared regardless of secrets alone: %s', (_, one, other, isEqual) => {
  const [left, right] = [one, other].map((text) => formatWithoutSecrets(treeOf(text)));
  expect(left === right).toBe(isEqual);
});

test.each([
  ['values after a secret key', 'x { password: hunter2 } {{{', ['hunter2']],
  ['quoted values after a secret key', `{ "token": "a b", pass = 'c d' ]`, ['a b', 'c d']],
  ['passwords in URLs', 'routes = [ nats://u:hunter2@h', ['hunter2']],
  ['values on the next line', 'password:\n  hunter2', ['hunter2']],
  ['not paths', 'key_file: "/etc/nats/tls.key"\n  ca_file: "/ca"\nx: /a/tls.key ca_file: /b', []],
  ['values in the brackets of a Helm chart', 'password: << $SECRET >>\ntoken: << hunter2 >>', ['$SECRET', 'hunter2']],
  ['not values of other keys', 'port: 4222 monkey: banana', []],
])('the secrets of an invalid configuration are %s', (_, text, secrets) => {
  expect(findSecretsInText(text)).toEqual(secrets);
});
