import { describe, expect, test } from '@jest/globals';
import { hasCode, type InputViolation } from '../../../../src/errors/action-error.ts';
import { createInputError, findClosest, formatWorkflowLine } from '../../../../src/inputs/grammar/violations.ts';
import { parseInputs } from '../../../../src/inputs/parse.ts';

/** Returns the one violation of an input. */
function violationOf(input: string, text: string): InputViolation {
  try {
    parseInputs(new Map([[input, text]]));
  } catch (error) {
    if (hasCode(error, 'INPUT_INVALID') && error.details.violations.length === 1) {
      const [violation] = error.details.violations;
      if (violation !== undefined) return violation;
    }
    throw error;
  }
  throw new Error('the input was accepted');
}

describe('the closest word', () => {
  test.each([
    ['of one letter has it replaced', 'b', 'a'],
    ['of two letters has the first one missing', 'b', 'ab'],
    ['of four letters has one replaced', 'abxd', 'abcd'],
    ['of four letters has one missing', 'abd', 'abcd'],
    ['of four letters has one inserted', 'abxcd', 'abcd'],
    ['of four letters has two swapped', 'bacd', 'abcd'],
    ['of six letters has two replaced', 'xbcdey', 'abcdef'],
    ['of six letters has one missing and one inserted', 'bcdefx', 'abcdef'],
    ['of eight letters has two missing', 'bcdefg', 'abcdefgh'],
    ['of six letters has two inserted', 'xabcdefy', 'abcdef'],
    ['of six letters has two pairs swapped', 'badcef', 'abcdef'],
    ['of six letters has one replaced and two swapped', 'xbcdfe', 'abcdef'],
    ['has the same letters in another case', 'ABCD', 'abcd'],
    ['has a hyphen in place of an underscore', 'ab_cd', 'ab-cd'],
    ['is the same word', 'abcd', 'abcd'],
  ])('%s: %s means %s', (_, written, candidate) => {
    expect(findClosest(written, ['unlike', candidate])).toBe(candidate);
  });

  test.each([
    ['five letters with two replaced', 'xbcdy', 'abcde'],
    ['four letters with one replaced and one inserted', 'xabcy', 'abcd'],
    ['four letters with one replaced and one missing', 'xbc', 'abcd'],
    ['four letters with two swapped and one replaced', 'baxd', 'abcd'],
    ['four letters of which one is two places away', 'xacd', 'abcd'],
    ['four letters of which only the first of a pair is swapped', 'bxcd', 'abcd'],
    ['four letters of which only the second of a pair is swapped', 'abcd', 'bxcd'],
    ['six letters with three replaced', 'xbydez', 'abcdef'],
    ['six letters with three missing', 'abc', 'abcdef'],
    ['five letters in the reverse order', 'edcba', 'abcde'],
    ['nothing', '', 'ab'],
    ['a word of another length', 'a', 'abcdef'],
  ])('is missing for %s: %s is not %s', (_, written, candidate) => {
    expect(findClosest(written, [candidate])).toBeUndefined();
  });

  test('is the first of several that are equally close, and otherwise the closest', () => {
    expect(findClosest('abxd', ['abcd', 'abyd'])).toBe('abcd');
    expect(findClosest('abcdxf', ['abcxxf', 'abcdef', 'abcdyf'])).toBe('abcxxf');
    expect(findClosest('abcdxf', ['abyyxf', 'abcdef', 'abzzxf'])).toBe('abcdef');
    expect(findClosest('abcd', [])).toBeUndefined();
  });
});

test.each([
  ['a: b', "name: 'a: b'"],
  ['a:', "name: 'a:'"],
  ['a:b', 'name: a:b'],
  ['a ', "name: 'a '"],
  ['', "name: ''"],
  ['-1', "name: '-1'"],
  ['${{ a }} b', "name: '${{ a }} b'"],
  ['a, b', 'name: a, b'],
])('%j becomes the workflow line %j, in quotes only if YAML needs them', (value, line) => {
  expect(formatWorkflowLine('name', value)).toBe(line);
});

describe('a violation', () => {
  test.each([
    ['anti-affinity', 'requird', 'anti-affinity: required'],
    ['debug', 'treu', 'debug: true'],
  ])('asks for the word that a misspelt value of %s means', (input, text, correction) => {
    expect(violationOf(input, text)).toEqual({ input, correction, message: expect.stringContaining('did you mean') });
  });

  test.each([
    ['replicas', '0', 'replicas: 1'],
    ['debug', 'yes', 'debug: true'],
  ])('corrects %s without such a question if no word is misspelt', (input, text, correction) => {
    const { message, ...others } = violationOf(input, text);
    expect(others).toEqual({ input, correction });
    expect(message).not.toContain('did you mean');
  });

  test.each([
    ['the default of the input', 'replicas', 'three', 'replicas: 3'],
    ['the example of an input without a default', 'context', '\u0007', 'context: staging'],
    ['a reference to a secret', 'client-password', '$2a$x', 'client-password: ${{ secrets.CLIENT_PASSWORD }}'],
  ])('corrects a value without a known meaning to %s', (_, input, text, correction) => {
    expect(violationOf(input, text).correction).toBe(correction);
  });

  test('quotes a value of 80 characters, and the beginning of a longer one', () => {
    const [whole, long] = ['!'.repeat(80), '!'.repeat(81)];
    expect(violationOf('replicas', whole).message).toContain(`got "${whole}",`);
    expect(violationOf('replicas', long).message).toContain(`got "${whole}…",`);
  });

  test('does not quote a secret', () => {
    expect(violationOf('client-password', '$2a$hunter2').message).not.toContain('hunter2');
  });
});

test.each([
  [1, '1 input is invalid'],
  [2, '2 inputs are invalid'],
])('the error about %d of the inputs begins with %j', (count, beginning) => {
  const violations = Array.from({ length: count }, (_, index) => ({
    input: `a${index}`,
    message: 'm',
    correction: `a${index}: b\n  c`,
  }));
  const error = createInputError(violations);
  expect(error.message.startsWith(`${beginning}:\n  a0: m`)).toBe(true);
  expect(error.hint.split('\n').slice(2)).toEqual(violations.flatMap((_, index) => [`    a${index}: b`, '      c']));
  expect(error.details).toEqual({ violations });
});
