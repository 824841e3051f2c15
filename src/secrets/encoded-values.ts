import type { Span } from './spans.ts';

/** The minimum length of a word. The base64 of a shorter value is found because the value is known. */
const SHORTEST = 40;

/** A word of base64, in which a URL or JSON may have escaped some characters, including line ends. */
const WORD = /(?:[\w+/=-]|%[\dA-Fa-f]{2}|\\{1,4}(?:\/|u[\dA-Fa-f]{4}))+/g;
const ESCAPE = /%[\dA-Fa-f]{2}|\\u[\dA-Fa-f]{4}/g;
/** The next line of the same base64. */
const NEXT_LINE =
  /(?:\r?\n|(?:\\{1,4}r)?\\{1,4}n)[ \t]{0,64}(?:[\w+/=-]|%[\dA-Fa-f]{2}|\\{1,4}(?:\/|u[\dA-Fa-f]{4})){4,}/y;

/**
 * Returns the positions of long words of base64 in a text. It is for texts of other programs about a Secret, because
 * admission webhooks quote the data that they refuse. Paths and names do not count as base64: they lack capitals or
 * digits. A word is found with all of its escaped characters, because the remainder of a value could not be recognized
 * alone.
 */
export function encodedValueSpans(text: string): readonly Span[] {
  const spans: Span[] = [];
  let position = 0;
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (index < position || word.length < SHORTEST || !isEncoded(word)) continue;
    position = endOfLines(text, index + word.length);
    spans.push([index, position]);
  }
  return spans;
}

/** Returns the end of the same base64, including its next lines. */
function endOfLines(text: string, start: number): number {
  let end = start;
  for (NEXT_LINE.lastIndex = end; NEXT_LINE.test(text); NEXT_LINE.lastIndex = end) end = NEXT_LINE.lastIndex;
  return end;
}

function isEncoded(word: string): boolean {
  const plain = word.replaceAll(ESCAPE, '');
  return /[A-Z]/.test(plain) && /[a-z]/.test(plain) && /\d/.test(plain);
}
