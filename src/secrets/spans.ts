import { boundary, cutNote } from '../text/bounded.ts';

/** A part of a text: from the first position to before the second, in UTF-16 units. */
export type Span = readonly [from: number, to: number];

/** The replacement of a secret, as in the log of the runner. */
export const MASK = '***';

/** Merges parts that overlap or touch, and sorts them. */
export function mergedSpans(spans: readonly Span[]): readonly Span[] {
  const merged: [number, number][] = [];
  for (const [from, to] of spans.toSorted(([left], [right]) => left - right)) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

/** Returns the parts that are in none of the others, which must be in order. */
export function outsideOf(others: readonly Span[], spans: readonly Span[]): readonly Span[] {
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
export function withoutSpans(
  text: string,
  spans: readonly Span[],
  { most, length, mask = MASK }: { readonly most: number; readonly length: number; readonly mask?: string },
): string {
  const end = length > most ? boundary(text, most) : text.length;
  const shown: string[] = [];
  let position = 0;
  for (const [from, to] of mergedSpans(spans)) {
    if (from >= end) break;
    shown.push(text.slice(position, from), mask);
    position = to;
  }
  if (position < end) shown.push(text.slice(position, end));
  if (length > most) shown.push(cutNote(length - Math.max(position, end)));
  return shown.join('');
}
