import { isBase64 } from './key-blocks.ts';

/** The base64 of a shorter value is found because the value is known. */
const SHORTEST = 40;

/**
 * Returns the text without its long words of base64. This is for what others say of a Secret, because admission webhooks
 * quote the data that they refuse. Paths and names are no base64: they lack capitals or digits.
 */
export function withoutEncodedValues(text: string): string {
  const shown: string[] = [];
  let position = 0;
  for (let at = 0; at < text.length; ) {
    let end = at;
    while (end < text.length && isBase64(text.charCodeAt(end))) end += 1;
    if (end - at >= SHORTEST && isEncoded(text.slice(at, end))) {
      end = endOfLines(text, end);
      shown.push(text.slice(position, at), '***');
      position = end;
    }
    at = end + 1;
  }
  return `${shown.join('')}${text.slice(position)}`;
}

/** Goes on over the next lines of the same base64. */
function endOfLines(text: string, start: number): number {
  let end = start;
  for (NEXT_LINE.lastIndex = end; NEXT_LINE.test(text); NEXT_LINE.lastIndex = end) end = NEXT_LINE.lastIndex;
  return end;
}

const NEXT_LINE = /(?:\r?\n|(?:\\{1,4}r)?\\{1,4}n)[ \t]{0,64}[A-Za-z0-9+/_=-]{4,}/y;

function isEncoded(word: string): boolean {
  return /[A-Z]/.test(word) && /[a-z]/.test(word) && /\d/.test(word);
}
