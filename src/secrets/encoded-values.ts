import type { Span } from './spans.ts';

/** The base64 of a shorter value is found because the value is known. */
const SHORTEST = 40;

/** A word of base64, in which a URL or JSON may have escaped some characters, the ends of its lines too. */
const WORD = /(?:[\w+/=-]|%[\dA-Fa-f]{2}|\\{1,4}(?:\/|u[\dA-Fa-f]{4}))+/g;
const ESCAPE = /%[\dA-Fa-f]{2}|\\u[\dA-Fa-f]{4}/g;
/** The next line of the same base64. */
const NEXT_LINE =
  /(?:\r?\n|(?:\\{1,4}r)?\\{1,4}n)[ \t]{0,64}(?:[\w+/=-]|%[\dA-Fa-f]{2}|\\{1,4}(?:\/|u[\dA-Fa-f]{4})){4,}/y;

/**
 * Returns where a text holds long words of base64. This is for what others say of a Secret, because admission webhooks
 * quote the data that they refuse. Paths and names are no base64: they lack capitals or digits. A word is found with all
 * of its escaped characters: a rest of a value, alone, is no longer known for what it is.
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

/** Goes on over the next lines of the same base64. */
function endOfLines(text: string, start: number): number {
  let end = start;
  for (NEXT_LINE.lastIndex = end; NEXT_LINE.test(text); NEXT_LINE.lastIndex = end) end = NEXT_LINE.lastIndex;
  return end;
}

function isEncoded(word: string): boolean {
  const plain = word.replaceAll(ESCAPE, '');
  return /[A-Z]/.test(plain) && /[a-z]/.test(plain) && /\d/.test(plain);
}
