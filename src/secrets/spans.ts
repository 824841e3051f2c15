import { CUT, findBoundary, formatCutNote } from '../text/shorten.ts';

/** A part of a text: from the first position to before the second, in UTF-16 units. */
export type Span = readonly [from: number, to: number];

/** The replacement of a secret, as in the log of the runner. */
export const MASK = '***';

/** Merges parts that overlap or touch, and sorts them. */
function mergeSpans(spans: readonly Span[]): readonly Span[] {
  const merged: [number, number][] = [];
  for (const [from, to] of spans.toSorted(([left], [right]) => left - right)) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

/** Returns the `spans` that do not lie within one of the `others`. Both lists must be in order. */
export function selectOutside(others: readonly Span[], spans: readonly Span[]): readonly Span[] {
  let next = 0;
  return spans.filter(([from, to]) => {
    while ((others[next]?.[1] ?? Number.POSITIVE_INFINITY) <= from) next += 1;
    const [start, end] = others[next] ?? [Number.POSITIVE_INFINITY, 0];
    return from < start || to > end;
  });
}

/**
 * Replaces each part of the text by `mask`. Nothing beyond position `most` is shown; a note states how much of the
 * original `length` is left out.
 */
export function maskSpans(
  text: string,
  spans: readonly Span[],
  { most, length, mask = MASK }: { readonly most: number; readonly length: number; readonly mask?: string },
): string {
  const end = length > most ? findBoundary(text, most) : text.length;
  const shown: string[] = [];
  let position = 0;
  for (const [from, to] of mergeSpans(spans)) {
    if (from >= end) break;
    shown.push(text.slice(position, from), mask);
    position = to;
  }
  if (position < end) shown.push(text.slice(position, end));
  if (length > most) shown.push(formatCutNote(length - Math.max(position, end)));
  return shown.join('');
}

/** The marks are noncharacters, which do not occur in texts of other programs (Unicode 17.0, section 23.7). */
const OPEN = '\ufdd0';
const CLOSE = '\ufdd1';

/** A text with the positions of the values that must not be shown. */
export type MarkedText = { readonly text: string; readonly spans: readonly Span[] };

/**
 * Returns the text with marks around its spans. A `Redactor` removes the marked parts. They stay in the text until
 * then, because a known secret that overlaps such a part is found only in the whole text. Each line is marked
 * separately, so that lines can be split and joined again.
 */
export function markSpans({ text, spans }: MarkedText): string {
  if (spans.length === 0) return text;
  const parts: string[] = [];
  let position = 0;
  for (const [from, to] of mergeSpans(spans)) {
    const lines = text.slice(from, to).replaceAll('\n', `${CLOSE}\n${OPEN}`);
    parts.push(text.slice(position, from), OPEN, lines, CLOSE);
    position = to;
  }
  return `${parts.join('')}${text.slice(position)}`;
}

/** Checks whether a text contains a mark. */
export function isMarked(text: string): boolean {
  return text.includes(OPEN) || text.includes(CLOSE);
}

/**
 * Returns a text without its marks, and their positions. A part that was cut before its end extends to the note of the
 * cut, or to the end of the text.
 */
export function readMarks(marked: string): MarkedText {
  if (!isMarked(marked)) return { text: marked, spans: [] };
  const parts: string[] = [];
  const spans: Span[] = [];
  let length = 0;
  let openAt: number | undefined;
  for (const part of marked.split(/(?=[\ufdd0\ufdd1])/)) {
    const mark = part.charAt(0);
    const isMark = mark === OPEN || mark === CLOSE;
    const text = isMark ? part.slice(1) : part;
    if (mark === OPEN) openAt ??= length;
    if (mark === CLOSE && openAt !== undefined) {
      spans.push([openAt, length]);
      openAt = undefined;
    }
    parts.push(text);
    length += text.length;
  }
  const text = parts.join('');
  if (openAt !== undefined) {
    // The value itself may contain the sign of a cut.
    const cut = text.lastIndexOf(CUT);
    spans.push([openAt, cut < openAt ? length : cut]);
  }
  return { text, spans: joinOverLines(text, spans) };
}

/** Merges the marked parts of consecutive lines into one part. */
function joinOverLines(text: string, spans: readonly Span[]): readonly Span[] {
  const joined: [number, number][] = [];
  for (const [from, to] of spans) {
    const last = joined.at(-1);
    if (last !== undefined && from === last[1] + 1 && text[last[1]] === '\n') last[1] = to;
    else joined.push([from, to]);
  }
  return joined;
}
