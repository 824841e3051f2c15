import { derivePreviewName } from '../../cluster/preview.ts';
import { boolean } from '../grammar/choice.ts';
import { duration } from '../grammar/duration.ts';
import { accept, DEPLOYING, defineOptionalRow, defineRow, type Grammar, refuse, type ValueOf } from '../grammar/row.ts';

const MAX_NAMES = 10_000;

/**
 * The grammar of names of previews, or of the branches that they are named after. Its value is the list of preview
 * names. The name of a branch may contain a comma: a line with commas means both the whole line and its parts, because
 * keeping too many previews does no harm.
 */
export const previewNames: Grammar<readonly string[]> = {
  expected: `names of previews or of their branches, on lines of their own, separated by commas, or as a JSON array of texts (an empty array keeps none); at most ${MAX_NAMES}, in the 128 KiB of one input`,
  example: 'main, feature/orders',
  typing: { type: 'list', separator: ',', item: { type: 'string' } },
  parse: (text) => {
    const given = text.startsWith('[') ? parseJsonTexts(text) : splitTexts(text);
    const names = given?.map(derivePreviewName);
    if (names === undefined || names.length > MAX_NAMES) return refuse();
    const known = names.filter((name) => name !== undefined);
    return known.length === names.length ? accept([...new Set(known)]) : refuse();
  },
};

function parseJsonTexts(text: string): readonly string[] | undefined {
  const value = parseJson(text);
  const texts = Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  return Array.isArray(value) && texts.length === value.length ? texts : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // The grammar states the expected format.
  }
}

/**
 * Splits a list into names. It refuses names in quotes, which come from another notation: `prune` would not recognize
 * the names and would delete the previews.
 */
function splitTexts(text: string): readonly string[] | undefined {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const texts = lines.flatMap((line) => (line.includes(',') ? [line, ...line.split(',')] : [line]));
  const names = texts.map((name) => name.trim()).filter((name) => /[^,\s]/.test(name));
  return names.length === 0 || names.some((name) => /^["'`-]|["'`]$/.test(name)) ? undefined : names;
}

const group = 'Previews';

export const previewRows = {
  ttl: defineOptionalRow(duration('1s', '365d'), {
    name: 'ttl',
    group,
    description:
      'Makes the NATS cluster a preview: `prune` deletes it when this time has passed since its last `deploy`. `name` may then be any text, such as a branch name: an invalid name is converted to a valid one, returned as output `name`. Not allowed for a cluster that was deployed without `ttl`.',
    unset: 'not a preview',
    guide: 'docs/names.md#names-of-previews',
    commands: DEPLOYING,
  }),
  keep: defineOptionalRow(previewNames, {
    name: 'keep',
    group,
    description:
      'Previews to keep, by `name` or by the branch that it was made from. Every other preview is deleted before its time. An empty JSON array (`[]`) keeps none.',
    unset: 'only previews whose time has passed are deleted',
    commands: ['prune'],
  }),
  allNamespaces: defineRow(boolean, {
    name: 'all-namespaces',
    group,
    description: 'Delete previews in every namespace in which the credentials allow it, not only in `namespace`.',
    default: 'false',
    commands: ['prune'],
  }),
} as const;

export function readTtl(valueOf: ValueOf) {
  return { ttlMs: valueOf(previewRows.ttl) } as const;
}

export function readPruning(valueOf: ValueOf) {
  return { keep: valueOf(previewRows.keep), allNamespaces: valueOf(previewRows.allNamespaces) } as const;
}
