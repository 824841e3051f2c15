import { accepted, type Grammar, refused } from './grammar.ts';

const MOST_ITEMS = 100;

/**
 * Makes the grammar of one or more items separated by commas or line breaks. The items keep their order, and repeated
 * items are kept once.
 */
export function list<Item extends string>(item: Grammar<Item>): Grammar<readonly Item[]> {
  const expected = `${item.expected}; several are separated by commas or line breaks, at most ${MOST_ITEMS}`;
  return {
    expected,
    example: item.example,
    typing: { type: 'list', separator: ',', item: item.typing },
    parse: (text) => {
      const items = new Set<Item>();
      for (const word of wordsOf(text, /[,\n]/)) {
        const parsed = item.parse(word);
        if (parsed.kind === 'refused') {
          const got = JSON.stringify(word.slice(0, 80));
          return refused({ expected: `${expected}; ${got} is invalid`, suggestion: repaired(text, item) });
        }
        items.add(parsed.value);
      }
      return items.size === 0 || items.size > MOST_ITEMS ? refused() : accepted([...items]);
    },
  };
}

function wordsOf(text: string, separator: RegExp): readonly string[] {
  return text
    .split(separator)
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/**
 * Returns each word as it is or as it was probably meant, if all words can be read this way; blanks separate as well.
 */
function repaired(text: string, item: Grammar<string>): string | undefined {
  const items = new Set<string>();
  for (const word of wordsOf(text, /[\s,;]+/)) {
    const parsed = item.parse(word);
    const meant = parsed.kind === 'accepted' ? parsed.value : parsed.suggestion;
    if (meant === undefined) return undefined;
    items.add(meant);
  }
  return items.size === 0 || items.size > MOST_ITEMS ? undefined : [...items].join(', ');
}
