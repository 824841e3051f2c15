import type { Span } from './spans.ts';

const CERTIFICATE_BEGIN = '-----BEGIN CERTIFICATE-----';
const CERTIFICATE_END = '-----END CERTIFICATE-----';
const BEGIN = '-----BEGIN ';
const END = '-----END ';
/** The rest of a line that begins or ends a private key (RFC 7468). */
const LABEL = /(?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY-----/y;

/** The base64 of `-----BEGIN`. */
const BEGIN_IN_BASE64 = 'LS0tLS1CRUdJTi';
/** The number of base64 characters that contain the label of the block, for example `PRIVATE KEY`. */
const HEAD = 80;
/** The minimum length of a line of a private key without its beginning. */
const SHORTEST_LINE = 16;

/**
 * Returns the positions of private keys, known or not, as PEM and as base64 of PEM. A key without an end extends to the
 * end of the text. A key without a beginning extends back over the lines of base64 before its end.
 */
export function findKeyBlocks(text: string): readonly Span[] {
  const whole = findWholeBlocks(text);
  return [...whole, ...findEnds(text, whole), ...findBase64Blocks(text)];
}

/** Checks whether a text begins a private key without ending it. */
export function opensKey(text: string): boolean {
  const last = findWholeBlocks(text).at(-1);
  return last !== undefined && last[1] === text.length && !endsKey(text.slice(last[0]));
}

/** Checks whether a text has the line that ends a private key. */
export function endsKey(text: string): boolean {
  for (let at = text.indexOf(END); at >= 0; at = text.indexOf(END, at + END.length)) {
    if (hasLabel(text, at + END.length)) return true;
  }
  return false;
}

/** Returns the positions of certificates as PEM, in order. */
export function findCertificates(text: string): readonly Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf(CERTIFICATE_BEGIN); at >= 0; ) {
    const end = text.indexOf(CERTIFICATE_END, at);
    if (end < 0) return spans;
    spans.push([at, end]);
    at = text.indexOf(CERTIFICATE_BEGIN, end);
  }
  return spans;
}

function findWholeBlocks(text: string): readonly Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf(BEGIN); at >= 0; at = text.indexOf(BEGIN, at)) {
    if (!hasLabel(text, at + BEGIN.length)) {
      at += BEGIN.length;
      continue;
    }
    const end = findEndOfBlock(text, at + BEGIN.length);
    spans.push([at, end]);
    at = end;
  }
  return spans;
}

/** Returns the position after the line that ends a private key, or the end of the text. */
function findEndOfBlock(text: string, from: number): number {
  for (let at = text.indexOf(END, from); at >= 0; at = text.indexOf(END, at + END.length)) {
    if (hasLabel(text, at + END.length)) return LABEL.lastIndex;
  }
  return text.length;
}

function findEnds(text: string, whole: readonly Span[]): readonly Span[] {
  const spans: Span[] = [];
  let floor = 0;
  let next = 0;
  for (let at = text.indexOf(END); at >= 0; at = text.indexOf(END, at + END.length)) {
    while ((whole[next]?.[1] ?? text.length) <= at) next += 1;
    const isKnown = at > (whole[next]?.[0] ?? text.length);
    if (!isKnown && hasLabel(text, at + END.length)) {
      const to = LABEL.lastIndex;
      const from = findStartOfLines(text, at, floor);
      if (from < at) spans.push([from, to]);
    }
    floor = at + END.length;
  }
  return spans;
}

/** Returns the start of the words of base64 before a position; the last line of a key may be short. */
function findStartOfLines(text: string, end: number, floor: number): number {
  let start = end;
  let isKey = false;
  for (let last = true; ; last = false) {
    let to = start;
    for (let size = countSpaceBefore(text, to); to > floor && size > 0; size = countSpaceBefore(text, to)) to -= size;
    let from = to;
    while (from > floor && isBase64(text.charCodeAt(from - 1)) && countSpaceBefore(text, from) === 0) from -= 1;
    if (from === to || (to - from < SHORTEST_LINE && !last)) return isKey ? start : end;
    isKey ||= to - from >= SHORTEST_LINE;
    start = from;
  }
}

/** Counts the characters of white space before this position, as it is or escaped as in JSON. */
function countSpaceBefore(text: string, at: number): number {
  if (isSpace(text.charCodeAt(at - 1))) return 1;
  return ESCAPED.has(text.charCodeAt(at - 1)) && text[at - 2] === '\\' ? 2 : 0;
}

function findBase64Blocks(text: string): readonly Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf(BEGIN_IN_BASE64); at >= 0; at = text.indexOf(BEGIN_IN_BASE64, at)) {
    let end = at;
    while (end < text.length && isBase64(text.charCodeAt(end))) end += 1;
    if (Buffer.from(text.slice(at, at + HEAD), 'base64').includes('PRIVATE KEY-----')) spans.push([at, end]);
    at = end;
  }
  return spans;
}

function hasLabel(text: string, at: number): boolean {
  LABEL.lastIndex = at;
  return LABEL.test(text);
}

const BASE64 = new Set(
  Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_-', (one) => one.charCodeAt(0)),
);
const SPACES = new Set(Array.from(' \t\r\n', (one) => one.charCodeAt(0)));
const ESCAPED = new Set(Array.from('nrt', (one) => one.charCodeAt(0)));
const URL_ENDS = new Set(Array.from(' \t\r\n"\'\\<>`', (one) => one.charCodeAt(0)));

/** Checks whether a character belongs to base64, in either alphabet. */
function isBase64(code: number): boolean {
  return BASE64.has(code);
}

function isSpace(code: number): boolean {
  return SPACES.has(code);
}

/** Checks whether a URL ends before this character. */
export function isUrlEnd(code: number): boolean {
  return URL_ENDS.has(code);
}
