import { expect, test } from '@jest/globals';
import { warnOfSlowHashes } from '../../../../src/commands/preflight/operator-mode.ts';

const hash = (cost: string) => `$2b$${cost}$abcdefghijklmnopqrstuuFcV8WPKEefLKdOWfX8pW1yTVya21P7a`;

function warnings(...passwords: readonly (string | undefined)[]): readonly string[] {
  const said: string[] = [];
  const users = passwords.map((password, n) => ({ user: `u${n}`, ...(password === undefined ? {} : { password }) }));
  warnOfSlowHashes({ warning: (_, text) => said.push(text) }, users);
  return said;
}

test('a bcrypt cost above 10 is told once, by the names of the users and never by their hashes', () => {
  const [text = '', ...more] = warnings(hash('04'), hash('11'), 'plain', hash('12'), undefined);
  expect(more).toEqual([]);
  expect(text).toContain('u1 (11), u3 (12)');
  expect(text).not.toContain('abcdef');
});

test('a cost up to 10 and passwords in plain text are nothing to warn of', () => {
  expect(warnings(hash('10'), hash('04'), 'plain', undefined)).toEqual([]);
  expect(warnings()).toEqual([]);
});

test('of many users the first ten are named', () => {
  expect(warnings(...Array.from({ length: 12 }, () => hash('14')))[0]).toContain('and 2 more');
});
