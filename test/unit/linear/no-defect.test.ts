import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isActionError } from '../../../src/errors/action-error.ts';
import { type Door, doors } from '../../support/text-doors.ts';

/** Pieces of valid inputs of several kinds, and pieces that no input accepts. */
const PIECES: readonly string[] = [
  'a',
  'A',
  '0',
  '-1',
  '1e400',
  '.',
  '-',
  '_',
  '/',
  ':',
  ': ',
  ',',
  ' ',
  '\n',
  '\n  ',
  '\t',
  '#',
  '"',
  "'",
  '\\',
  '{',
  '}',
  '[',
  ']',
  '(',
  ')',
  '$',
  '$X',
  '%',
  '@',
  '*a',
  '&a ',
  '!!set ',
  '!!binary ',
  '<<: ',
  '? ',
  '| ',
  '> ',
  '\u0000',
  '\u0085',
  '\u2028',
  '\u202E',
  '\uFEFF',
  '\uD800',
  '\uDFFF',
  '\u{1F600}',
  '"\\ud800"',
  '"\\0"',
  '"a\\"b\'c"',
  '__proto__',
  'constructor',
  'null',
  'true',
  '2026-01-01',
  '8MB',
  'user: ',
  'password: ',
  'accounts: ',
  'clusters:',
  'StatefulSet/servers: ',
  'spec: ',
  'users: ',
  'include ',
  '-----BEGIN CERTIFICATE-----\n',
  '-----END CERTIFICATE-----',
  'https://',
  '%YAML 1.1\n---\n',
];

const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 24 }).map((pieces) => pieces.join(''));

describe('a reader of texts', () => {
  test.each(doors)('accepts any text or refuses it with INPUT_INVALID: $name', ({ enter }: Door) => {
    fc.assert(
      fc.property(text, (hostile) => {
        try {
          enter(hostile);
        } catch (error) {
          expect(isActionError(error) ? error.code : error).toBe('INPUT_INVALID');
        }
      }),
      { numRuns: 400, seed: 13 },
    );
  });
});

test.each([
  ['a key with both kinds of quotes', 'config, YAML', 'accounts:\n  "a\\"b\'c": {}\n'],
  ['a key with NUL', 'config, YAML', 'accounts:\n  "a\\0b": {}\n'],
  ['a key with half a surrogate pair', 'config, YAML', 'accounts:\n  "a\\uD800b": {}\n'],
  ['an alias without an anchor', 'kubeconfig', 'users: *x'],
  [
    'too many aliases',
    'kubeconfig',
    `a: &a [${'x,'.repeat(12)}]\nb: &b [${'*a,'.repeat(12)}]\nc: &c [${'*b,'.repeat(12)}]\nd: [*c,*c]`,
  ],
  ['a duplicate key', 'kubeconfig', 'users: []\nusers: []'],
])('%s is refused, and the error says why', (_, name, hostile) => {
  const door = doors.find((each) => each.name === name);
  expect(() => door?.enter(hostile)).toThrow(/got a key with NUL|is no YAML|is not valid YAML/);
});
