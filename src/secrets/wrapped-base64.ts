import { CUT } from '../text/bounded.ts';
import type { FormIndex } from './form-index.ts';
import { MASK, type Span } from './spans.ts';

/** A pattern for base64 over several lines, whose ends may be escaped as in JSON. */
const WRAPPED =
  /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}(?:(?:\r?\n|(?:\\{1,4}r)?\\{1,4}n)[ \t]{0,64}[A-Za-z0-9+/_=-]+)+/g;
const LINE_END = /(?:\r?\n|(?:\\{1,4}r)?\\{1,4}n)[ \t]{0,64}/g;

/** Returns the positions of known texts in base64 that is broken into lines, across its line ends. */
export function wrappedSpans(text: string, index: FormIndex): readonly Span[] {
  return [...text.matchAll(WRAPPED)].flatMap((match) => {
    const end = match.index + match[0].length;
    const isCut = [CUT, MASK].some((cut) => text.startsWith(cut, end));
    return spansIn(match[0], match.index, (plain) => {
      const start = isCut ? index.beginningBefore(plain, plain.length) : undefined;
      return [...index.spans(plain), ...(start === undefined ? [] : [[start, plain.length] as const])];
    });
  });
}

function spansIn(wrapped: string, offset: number, find: (plain: string) => readonly Span[]): readonly Span[] {
  const parts: string[] = [];
  /** The starts of the parts in the text without line ends, and in the text with them. */
  const starts: (readonly [without: number, within: number])[] = [];
  let length = 0;
  let position = 0;
  const take = (to: number, next: number): void => {
    starts.push([length, position]);
    parts.push(wrapped.slice(position, to));
    length += to - position;
    position = next;
  };
  for (const end of wrapped.matchAll(LINE_END)) take(end.index, end.index + end[0].length);
  take(wrapped.length, wrapped.length);
  let part = 0;
  const within = (at: number): number => {
    while (part > 0 && (starts[part]?.[0] ?? 0) > at) part -= 1;
    while ((starts[part + 1]?.[0] ?? Number.POSITIVE_INFINITY) <= at) part += 1;
    const [without, from] = starts[part] ?? [0, 0];
    return from + at - without;
  };
  const inOrder = find(parts.join('')).toSorted(([left], [right]) => left - right);
  return inOrder.map(([from, to]) => [offset + within(from), offset + within(to - 1) + 1]);
}
