import { accepted, type Grammar, refused } from './grammar.ts';
import { closest } from './spelling.ts';

/** Makes the grammar of one of a few words; the first word is the example. */
export function choice<const Word extends string>(words: readonly [Word, ...Word[]]): Grammar<Word> {
  return {
    expected: words.length === 1 ? `\`${words[0]}\`` : `one of ${words.map((word) => `\`${word}\``).join(', ')}`,
    example: words[0],
    typing: { type: 'enum', values: words },
    parse: (text) => {
      const word = words.find((candidate) => candidate === text);
      return word === undefined ? refused({ suggestion: closest(text, words) }) : accepted(word);
    },
  };
}

const TRUE = ['true', 'True', 'TRUE'];
const FALSE = ['false', 'False', 'FALSE'];
const MEANS_TRUE = ['yes', 'y', 'on', '1', 'enabled'];
const MEANS_FALSE = ['no', 'n', 'off', '0', 'disabled'];

/** The grammar of YAML 1.2's core schema, as `getBooleanInput` of @actions/core reads it. */
export const boolean: Grammar<boolean> = {
  expected: '`true` or `false`',
  example: 'true',
  typing: { type: 'boolean' },
  parse: (text) => {
    if (TRUE.includes(text)) return accepted(true);
    if (FALSE.includes(text)) return accepted(false);
    const word = text.toLowerCase();
    if (MEANS_TRUE.includes(word)) return refused({ suggestion: 'true' });
    if (MEANS_FALSE.includes(word)) return refused({ suggestion: 'false' });
    return refused({ suggestion: closest(word, ['true', 'false']) });
  },
};
