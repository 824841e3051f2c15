import { type AST, RegExpParser } from '@eslint-community/regexpp';
import { isDisjointWith, JS, NFA } from 'refa';

/** The largest number of repetitions that counts as a constant factor. */
const MAX_REPEATS = 1000;

const IGNORED = { assertions: 'ignore', backreferences: 'disable' } as const;

/**
 * Returns the repetitions that make a search quadratic: the part before the repetition also matches inside the repeated
 * text (`lookup .*timeout` in `lookup lookup lookup …`). The search then begins at n positions, and each attempt reads
 * up to n characters before it fails. `scslre` finds repetitions without a part before them.
 */
export function restartsIn(source: string, flags: string): readonly string[] {
  const pattern = new RegExpParser().parsePattern(source, 0, source.length, {
    unicode: flags.includes('u'),
    unicodeSets: flags.includes('v'),
  });
  if (flags.includes('y')) return [];
  return quantifiersIn(pattern)
    .filter(({ max }) => max > MAX_REPEATS)
    .filter((quantifier) => isRestarted(quantifier, flags))
    .map(({ raw }) => raw);
}

function quantifiersIn(node: AST.Pattern | AST.Alternative | AST.Element): readonly AST.Quantifier[] {
  if (node.type === 'Quantifier') return [node, ...quantifiersIn(node.element)];
  if (node.type === 'Alternative') return node.elements.flatMap(quantifiersIn);
  const isGroup = node.type === 'Pattern' || node.type === 'Group' || node.type === 'CapturingGroup';
  return isGroup ? node.alternatives.flatMap(quantifiersIn) : [];
}

function isRestarted(quantifier: AST.Quantifier, flags: string): boolean {
  const { before, after } = around(quantifier);
  const isAnything = isAnyCharacter(quantifier.element, flags);
  if (after.every((element) => isAlwaysMatched(element, isAnything && !flags.includes('m')))) return false;
  const [first, ...rest] = before;
  const start = first && startOf(first, flags);
  if (start === 'once') return false;
  const prefix = (start === undefined ? before : rest).map(({ raw }) => raw).join('');
  if (!isDisjointWith(nfaOf('', flags), nfaOf(prefix, flags))) return false;
  const begun = nfaOf(`[^]*${start ?? ''}(?:${prefix})[^]*`, flags);
  return !isDisjointWith(begun, nfaOf(`(?:${quantifier.element.raw})*`, flags));
}

function isAnyCharacter({ raw }: AST.Element, flags: string): boolean {
  return raw === '[^]' || raw === '[\\s\\S]' || (raw === '.' && flags.includes('s'));
}

/** Returns the elements that a match reads before and after the node. */
function around(node: AST.Quantifier): {
  readonly before: readonly AST.Element[];
  readonly after: readonly AST.Element[];
} {
  const before: AST.Element[] = [];
  const after: AST.Element[] = [];
  let inner: AST.Node = node;
  for (let parent: AST.Node | null = inner.parent; parent !== null; inner = parent, parent = inner.parent ?? null) {
    if (parent.type !== 'Alternative') continue;
    const at = parent.elements.findIndex((element) => element === inner);
    before.unshift(...parent.elements.slice(0, at));
    after.push(...parent.elements.slice(at + 1));
  }
  return { before, after };
}

/**
 * Returns a class of the character that must stand before a match, `once` if a match can begin at only one position, or
 * undefined without such a condition.
 */
function startOf(first: AST.Element, flags: string): string | undefined {
  if (first.type !== 'Assertion') return undefined;
  if (first.kind === 'start') return flags.includes('m') ? '[\\n\\r\\u2028\\u2029]' : 'once';
  if (first.kind === 'word') return first.negate ? undefined : '\\W';
  const [alternative, ...others] = first.kind === 'lookbehind' && first.negate ? first.alternatives : [];
  const [character, ...more] = alternative?.elements ?? [];
  if (character === undefined || others.length + more.length > 0) return undefined;
  if (character.type === 'CharacterClass') return character.negate ? undefined : `[^${character.raw.slice(1)}`;
  return character.type === 'Character' || character.type === 'CharacterSet' ? `[^${character.raw}]` : undefined;
}

/**
 * Checks whether the element matches at any position. The assertion `$` does so if the elements before it can read up
 * to the end of any text.
 */
function isAlwaysMatched(element: AST.Element, endsAnywhere: boolean): boolean {
  if (element.type === 'Quantifier') return element.min === 0;
  if (element.type === 'Assertion') return element.kind === 'end' && endsAnywhere;
  if (element.type !== 'Group' && element.type !== 'CapturingGroup') return false;
  return element.alternatives.some(({ elements }) => elements.every((each) => isAlwaysMatched(each, endsAnywhere)));
}

function nfaOf(source: string, flags: string): NFA {
  const parser = JS.Parser.fromLiteral({ source, flags: flags.replaceAll(/[gdy]/g, '') });
  const { expression, maxCharacter } = parser.parse(IGNORED);
  return NFA.fromRegex(expression, { maxCharacter });
}
