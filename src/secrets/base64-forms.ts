import type { Span } from './spans.ts';

/** The minimum length of a part of base64; a shorter part occurs in ordinary words. */
const SHORTEST_PART = 4;

/** The length of a text from which fewer forms are enough, because the index also finds parts of a long form. */
const LONG = 48;
/** The maximum length of a text that is encoded twice. A longer text is a file, which programs do not encode twice. */
const LONGEST_TWICE = 8192;

/**
 * Returns a text as base64, alone and within a longer text (`user:password`), and this base64 encoded once more, as for
 * the values of a Secret within a Secret. A part within a longer text leaves out the characters that also depend on the
 * text before and after it.
 */
export function listBase64Forms(text: string): readonly string[] {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length >= LONG) return listLongForms(bytes);
  const once = encodeInBothAlphabets(bytes);
  const twice = once.flatMap((form) => encodeInBothAlphabets(Buffer.from(form, 'latin1')));
  return [...new Set([...once.flatMap(listEscapedForms), ...twice])];
}

function listLongForms(bytes: Buffer): readonly string[] {
  // The first part is left out, because the whole base64 begins with it.
  const once = [bytes.toString('base64'), ...encodeParts(bytes).slice(1)];
  if (bytes.length > LONGEST_TWICE) return once;
  const twice = encodeParts(Buffer.from(bytes.toString('base64'), 'latin1'));
  return [...new Set([...once.flatMap(listEscapedForms), ...once.map(convertToUrlAlphabet), ...twice])];
}

/** Returns the form itself, and the form as escaped in a URL and in JSON that escapes slashes. */
function listEscapedForms(form: string): readonly string[] {
  const percent = encodeURIComponent(form);
  const lower = percent.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  return [form, percent, lower, form.replaceAll('/', '\\/')];
}

/** Returns the base64 in the alphabets of RFC 4648 §4 and §5. */
function encodeInBothAlphabets(bytes: Buffer): readonly string[] {
  const forms = [bytes.toString('base64'), ...encodeParts(bytes)];
  return [...new Set(forms.flatMap((form) => [form, convertToUrlAlphabet(form)]))];
}

function encodeParts(bytes: Buffer): readonly string[] {
  return [0, 1, 2].map((offset) => encodePart(bytes, offset)).filter((form) => form.length >= SHORTEST_PART);
}

/**
 * Returns the base64 of bytes that follow `offset` unknown bytes. Base64 encodes groups of three bytes, so characters
 * that depend on other bytes are left out.
 */
export function encodePart(bytes: Buffer, offset: number): string {
  const first = Math.ceil((offset * 8) / 6);
  const whole = Math.floor(((offset + bytes.length) * 8) / 6);
  return Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .slice(first, whole);
}

function convertToUrlAlphabet(form: string): string {
  return form
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/={1,2}$/, '');
}

/** The minimum length of a word that counts as base64. A shorter word is found only if it encodes a known secret. */
const SHORTEST = 40;

/** A word of base64, in which a URL or JSON may have escaped some characters, including line ends. */
const WORD = /(?:[\w+/=-]|%[\dA-Fa-f]{2}|\\{1,4}(?:\/|u[\dA-Fa-f]{4}))+/g;
const ESCAPE = /%[\dA-Fa-f]{2}|\\u[\dA-Fa-f]{4}/g;
/** The next line of the same base64. */
const NEXT_LINE =
  /(?:\r?\n|(?:\\{1,4}r)?\\{1,4}n)[ \t]{0,64}(?:[\w+/=-]|%[\dA-Fa-f]{2}|\\{1,4}(?:\/|u[\dA-Fa-f]{4})){4,}/y;

/**
 * Returns the positions of long words of base64 in a text. Use it for texts of other programs about a Secret, because
 * admission webhooks quote the data that they refuse. Paths and names do not count as base64: they lack capitals or
 * digits. A word is found with all of its escaped characters, because the remainder of a value could not be recognized
 * alone.
 */
export function findEncodedValues(text: string): readonly Span[] {
  const spans: Span[] = [];
  let position = 0;
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (index < position || word.length < SHORTEST || !isEncoded(word)) continue;
    position = findEndOfLines(text, index + word.length);
    spans.push([index, position]);
  }
  return spans;
}

/** Returns the end of the same base64, including its next lines. */
function findEndOfLines(text: string, start: number): number {
  let end = start;
  for (NEXT_LINE.lastIndex = end; NEXT_LINE.test(text); NEXT_LINE.lastIndex = end) end = NEXT_LINE.lastIndex;
  return end;
}

function isEncoded(word: string): boolean {
  const plain = word.replaceAll(ESCAPE, '');
  return /[A-Z]/.test(plain) && /[a-z]/.test(plain) && /\d/.test(plain);
}
