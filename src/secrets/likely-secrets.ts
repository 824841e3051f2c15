import { findBoundary, formatCutNote } from '../text/shorten.ts';
import { findEncodedValues } from './base64-forms.ts';
import { findKeyBlocks, isUrlEnd } from './key-blocks.ts';
import { markSpans, readMarks, type Span } from './spans.ts';

/**
 * The fields whose name shows that the value is a secret. The secret is the first group: in quotes, which may be
 * escaped themselves, or up to the end of the word.
 */
const FIELDS: readonly RegExp[] = [
  /\b(?:password|passwd|passphrase)\\{0,3}["']?\s{0,16}[:=]\s{0,16}(\\{1,3}"[^"\n]*"?|"(?:[^"\n\\]|\\.)*"?|'[^'\n]*'?|[^\s,;}\]"']+)/dgi,
  // The text `token: ` occurs in prose as well, unless a quote follows.
  /\b(?:token|secret)\\{0,3}["']?(?:=|\s{0,16}:\s{0,16}(?=\\{0,3}["']))(\\{1,3}"[^"\n]*"?|"(?:[^"\n\\]|\\.)*"?|'[^'\n]*'?|[^\s,;}\]"']+)/dgi,
];

/** The formats of secrets. The secret is the first group, or the whole match. */
const FORMATS: readonly RegExp[] = [
  /\bauthorization\\{0,3}["']?\s{0,16}[:=]\s{0,16}\\{0,3}["']?(?:bearer|basic)\s{1,16}([^\s,"'\\]+)/dgi,
  /\bS[ACNOUX][A-Z2-7]{56}\b/dg, // seed of an nkey
  /(?<![\w-])eyJ[\w-]{8,}\.[\w-]+\.[\w-]+/dg, // JWT
  /\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}/dg, // hash of bcrypt
];

/**
 * Returns the positions of secrets that are recognized by their format, known or not: private keys, passwords of URLs,
 * tokens. The time is linear in the length of the text.
 */
export function findLikelySecrets(text: string): readonly Span[] {
  return [...findMatches(text, FORMATS), ...findKeyBlocks(text), ...findUrlPasswords(text)];
}

/**
 * Returns the positions of the values of fields called password, token or the like. Use it only for texts of other
 * programs, because messages of this Action contain names of inputs such as `client-password`.
 */
function findFieldValues(text: string): readonly Span[] {
  return findMatches(text, FIELDS);
}

function findMatches(text: string, patterns: readonly RegExp[]): readonly Span[] {
  return patterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].flatMap(({ indices }): readonly Span[] => {
      const span = indices?.[1] ?? indices?.[0];
      return span === undefined ? [] : [span];
    }),
  );
}

/**
 * Returns the positions of passwords in `scheme://user:password@host`. A password that is not encoded may contain `@`,
 * `/` and `:`. The text after a colon may also be a port.
 */
function findUrlPasswords(text: string): readonly Span[] {
  const spans: Span[] = [];
  let word = { end: -1, at: -1 };
  for (let mark = text.indexOf('://'); mark >= 0; mark = text.indexOf('://', mark + 3)) {
    const start = mark + 3;
    if (start > word.end) word = scanUrl(text, start);
    const colon = text.indexOf(':', start);
    if (colon < 0) break;
    const hasUser = colon < word.at && /[a-z0-9+.-]/i.test(text[mark - 1] ?? '') && isUser(text.slice(start, colon));
    if (hasUser && !isPort(text, colon + 1)) spans.push([colon + 1, word.at]);
  }
  return spans;
}

/** Returns the end of a URL, and its last `@`. */
function scanUrl(text: string, start: number): { readonly end: number; readonly at: number } {
  let end = start;
  let at = -1;
  for (; end < text.length && !isUrlEnd(text.charCodeAt(end)); end += 1) {
    if (text[end] === '@') at = end;
  }
  return { end, at };
}

function isUser(text: string): boolean {
  return !/[/@]/.test(text);
}

function isPort(text: string, start: number): boolean {
  return /^\d{1,5}\//.test(text.slice(start, start + 6));
}

/**
 * The length at which a log line, the message of an event or the answer of a server is cut. The cause of a problem is
 * visible in a text of this length.
 */
const MAX_FOREIGN = 4096;

/** The length of `token=a`, the shortest field. */
const SHORTEST_FIELD = 7;

/** The length after the end of the kept text that is also searched for the rest of a secret. */
const BEYOND = 1024;

/**
 * Shortens a text of another program, and marks the values of fields called password, token or the like. A `Redactor`
 * removes the marked parts when the text is shown, together with all other secrets. Nothing is removed before, because
 * the rest of a secret could not be recognized.
 */
export function markForeignText(text: string, most = MAX_FOREIGN): string {
  return markText(text, most, findFieldValues);
}

/**
 * Marks a text of another program about a Secret, which may quote the data of the Secret. Does not shorten the text.
 */
export function markForeignTextOfSecret(text: string): string {
  return markText(text, text.length, (seen) => [...findFieldValues(seen), ...findEncodedValues(seen)]);
}

function markText(raw: string, most: number, spansOf: (text: string) => readonly Span[]): string {
  if (raw.length < SHORTEST_FIELD) return raw;
  const { text, spans } = readMarks(raw);
  const seen = text.slice(0, most + BEYOND);
  const found = [...spans, ...spansOf(seen)];
  if (text.length <= most) return markSpans({ text, spans: found });
  const end = findBoundary(text, most);
  const before = found.flatMap(([from, to]): readonly Span[] => (from < end ? [[from, Math.min(to, end)]] : []));
  return `${markSpans({ text: text.slice(0, end), spans: before })}${formatCutNote(text.length - end)}`;
}

/** Shortens and marks each line of a log as `markForeignText` does. */
export function markForeignLines(text: string, mostOfLine = MAX_FOREIGN): string {
  return text
    .split('\n')
    .map((line) => markForeignText(line, mostOfLine))
    .join('\n');
}
