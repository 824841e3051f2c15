import { previewName } from '../cluster/preview-name.ts';
import { accepted, type Grammar, refused } from './grammar.ts';

const MOST_NAMES = 10_000;

/**
 * The grammar of names of previews, or of the branches they were named after; its value is the names of the previews.
 * The name of a branch may contain a comma: a line with commas means both the whole line and its parts, because keeping
 * too many previews does no harm.
 */
export const previewNames: Grammar<readonly string[]> = {
  expected: `names of previews or of their branches, on lines of their own, separated by commas, or as a JSON array of texts (an empty one: none stays); at most ${MOST_NAMES}, in the 128 KiB of one input`,
  example: 'main, feature/orders',
  typing: { type: 'list', separator: ',', item: { type: 'string' } },
  parse: (text) => {
    const given = text.startsWith('[') ? jsonTexts(text) : listedTexts(text);
    const names = given?.map(previewName);
    if (names === undefined || names.length > MOST_NAMES) return refused();
    const known = names.filter((name) => name !== undefined);
    return known.length === names.length ? accepted([...new Set(known)]) : refused();
  },
};

function jsonTexts(text: string): readonly string[] | undefined {
  const value = parsedJson(text);
  const texts = Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  return Array.isArray(value) && texts.length === value.length ? texts : undefined;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // The grammar states the expected format.
  }
}

/**
 * Splits a list into names. Quotes are left over from another notation: the names would be wrong, and the previews
 * would be deleted.
 */
function listedTexts(text: string): readonly string[] | undefined {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const texts = lines.flatMap((line) => (line.includes(',') ? [line, ...line.split(',')] : [line]));
  const names = texts.map((name) => name.trim()).filter((name) => /[^,\s]/.test(name));
  return names.length === 0 || names.some((name) => /^["'`-]|["'`]$/.test(name)) ? undefined : names;
}
