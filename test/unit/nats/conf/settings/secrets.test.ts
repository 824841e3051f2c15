import { expect, test } from '@jest/globals';
import { parseConfiguration } from '../../../../../src/nats/conf/reader/parse.ts';
import { collectSecrets, findSecretsInText } from '../../../../../src/nats/conf/settings/secrets.ts';

const seed = `SU${'A2'.repeat(28)}`;

const rows: readonly (readonly [string, string, readonly string[]])[] = [
  ['passwords under both names, in any case', 'a: [{user: x, Password: "p 1"}\n{user: y, pass: p2}]', ['p 1', 'p2']],
  ['tokens and encryption keys', 'authorization { token: "t1" }\njetstream { key: \'k1\' }', ['t1', 'k1']],
  ['passwords in URLs, as written and as meant', 'r: ["nats://u:p%40%C3%A4@h:1", "h:1"\n]', ['p%40%C3%A4', 'p@ä']],
  ['values of variables', 'P: s3cret\nu: {pass: $P}', ['s3cret']],
  ['nkey seeds wherever they are', `x: ${seed}`, [seed]],
  ['no names, numbers and paths', 'user: u\nkey_file: "/k"\ntoken: 5\npasswords: {a: b}', []],
];

test.each(rows)('the secrets of a configuration are %s', (_, text, secrets) => {
  const surroundings = { files: new Map<string, string>(), environment: new Set<string>() };
  expect(collectSecrets(parseConfiguration({ input: 'config', file: 'f', text }, surroundings))).toEqual(secrets);
});

test.each([
  ['what follows a secret key', 'x { password: hunter2 } {{{', ['hunter2']],
  ['what is in quotes after one', `{ "token": "a b", pass = 'c d' ]`, ['a b', 'c d']],
  ['what is in a URL', 'routes = [ nats://u:hunter2@h', ['hunter2']],
  ['what is on the next line', 'password:\n  hunter2', ['hunter2']],
  ['not what follows a path', 'key_file: "/etc/nats/tls.key"\n  ca_file: "/ca"\nx: /a/tls.key ca_file: /b', []],
  [
    'what stands in the brackets of chart values',
    'password: << $SECRET >>\ntoken: << hunter2 >>',
    ['$SECRET', 'hunter2'],
  ],
  ['not what has no such key', 'port: 4222 monkey: banana', []],
])('of a text that is no configuration they are %s', (_, text, secrets) => {
  expect(findSecretsInText(text)).toEqual(secrets);
});
