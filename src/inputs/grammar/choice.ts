import { accept, type Grammar, refuse } from './row.ts';
import { findClosest } from './violations.ts';

/** Makes the grammar of one of a few words; the first word is the example. */
export function choice<const Word extends string>(words: readonly [Word, ...Word[]]): Grammar<Word> {
  return {
    expected: words.length === 1 ? `\`${words[0]}\`` : `one of ${words.map((word) => `\`${word}\``).join(', ')}`,
    example: words[0],
    typing: { type: 'enum', values: words },
    parse: (text) => {
      const word = words.find((candidate) => candidate === text);
      return word === undefined ? refuse({ suggestion: findClosest(text, words) }) : accept(word);
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
    if (TRUE.includes(text)) return accept(true);
    if (FALSE.includes(text)) return accept(false);
    const word = text.toLowerCase();
    if (MEANS_TRUE.includes(word)) return refuse({ suggestion: 'true' });
    if (MEANS_FALSE.includes(word)) return refuse({ suggestion: 'false' });
    return refuse({ suggestion: findClosest(word, ['true', 'false']) });
  },
};

const MAX_ITEMS = 100;

/**
 * Makes the grammar of one or more items separated by commas or line breaks. The items keep their order, and repeated
 * items are kept once.
 */
export function list<Item extends string>(item: Grammar<Item>): Grammar<readonly Item[]> {
  const expected = `${item.expected}; several are separated by commas or line breaks, at most ${MAX_ITEMS}`;
  return {
    expected,
    example: item.example,
    typing: { type: 'list', separator: ',', item: item.typing },
    parse: (text) => {
      const items = new Set<Item>();
      for (const word of splitWords(text, /[,\n]/)) {
        const parsed = item.parse(word);
        if (parsed.kind === 'refused') {
          const got = JSON.stringify(word.slice(0, 80));
          return refuse({ expected: `${expected}; ${got} is invalid`, suggestion: repairList(text, item) });
        }
        items.add(parsed.value);
      }
      return items.size === 0 || items.size > MAX_ITEMS ? refuse() : accept([...items]);
    },
  };
}

function splitWords(text: string, separator: RegExp): readonly string[] {
  return text
    .split(separator)
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/**
 * Returns each word as it is or as it was probably meant, if all words can be read this way; blanks separate as well.
 */
function repairList(text: string, item: Grammar<string>): string | undefined {
  const items = new Set<string>();
  const words = new Set(splitWords(text, /[\s,;]+/)); // Every word is read once, because the comparison is slow.
  if (words.size > MAX_ITEMS) return undefined;
  for (const word of words) {
    const parsed = item.parse(word);
    const meant = parsed.kind === 'accepted' ? parsed.value : parsed.suggestion;
    if (meant === undefined) return undefined;
    items.add(meant);
  }
  return items.size === 0 ? undefined : [...items].join(', ');
}
