import { expect, test } from '@jest/globals';
import { warnOfSlowHashes } from '../../../../src/commands/preflight/operator-mode.ts';

const hash = (cost: string) => `$2b$${cost}$abcdefghijklmnopqrstuuFcV8WPKEefLKdOWfX8pW1yTVya21P7a`;

function warnings(...passwords: readonly (string | undefined)[]): readonly string[] {
  const texts: string[] = [];
  const users = passwords.map((password, n) => ({ user: `u${n}`, ...(password === undefined ? {} : { password }) }));
  warnOfSlowHashes({ warning: (_, text) => texts.push(text) }, users);
  return texts;
}

test('bcrypt costs above 10 cause one warning with the names of the users, without their hashes', () => {
  const [text = '', ...more] = warnings(hash('04'), hash('11'), 'plain', hash('12'), undefined);
  expect(more).toEqual([]);
  expect(text).toContain('u1 (11), u3 (12)');
  expect(text).not.toContain('abcdef');
});

test('bcrypt costs up to 10 and plain passwords cause no warning', () => {
  expect(warnings(hash('10'), hash('04'), 'plain', undefined)).toEqual([]);
  expect(warnings()).toEqual([]);
});

test('the warning names at most ten users', () => {
  expect(warnings(...Array.from({ length: 12 }, () => hash('14')))[0]).toContain('and 2 more');
});
