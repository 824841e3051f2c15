import { shortenText } from './shorten.ts';

/**
 * The maximum length of one text, in UTF-16 code units. Readers do not need more, and the runner drops a summary that
 * is too long.
 */
const MAX_SHOWN = 16_384;

/** The line endings of CommonMark, and the characters that other readers treat as line endings. */
const LINE_END = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/;

/** The control characters except the tab, and the characters that change the order in which text is shown. */
const UNSHOWN = /[^\P{Cc}\t]|\p{Bidi_Control}/gu;

/**
 * A zero-width space, which breaks a reference such as `@name`. To write `@` itself as an entity has no effect, because
 * GitHub searches the rendered text.
 */
const BREAK = '&#8203;';

/**
 * The characters of Markdown, HTML, tables and formulas. The backslash becomes an entity, because a table counts the
 * backslashes before a pipe.
 */
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\\': '&#92;',
  '`': '&#96;',
  $: '&#36;',
  '*': '\\*',
  '~': '\\~',
  '[': '\\[',
  ']': '\\]',
  '|': '\\|',
  '#': '\\#',
};

const HTML_ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Returns the lines of the text, well-formed, with U+FFFD for every character that a reader cannot see. */
export function splitVisibleLines(text: string): readonly string[] {
  const lines = text.toWellFormed().split(LINE_END);
  return lines.map((line) => line.replaceAll(UNSHOWN, '\uFFFD'));
}

/**
 * Returns the text on one line of Markdown, with `<br>` for line endings. A code span in the text remains a code span,
 * because it shows only its content. Every other character is shown as it is. Nothing is interpreted as Markdown, HTML,
 * a table cell, a link, a mention, an issue reference or an emoji, neither by the GitHub extensions of CommonMark
 * (https://github.github.com/gfm/) nor by GitHub's search of the rendered text. GitHub still links a commit by its
 * hexadecimal name, because a digest that is broken up cannot be copied.
 */
export function escapeInline(text: string): string {
  const lines = splitVisibleLines(shortenText(text, MAX_SHOWN)).map((line) => line.trim());
  const kept = lines.filter((line, index) => line !== '' || lines[index - 1] !== '').map(escapeLine);
  // One space at either end separates words; more spaces at the start of a line begin a code block.
  const [before, after] = [/^\s/, /\s$/].map((space) => (text.trim() !== '' && space.test(text) ? ' ' : ''));
  return `${before}${kept.join('<br>')}${after}`;
}

/**
 * Escapes one line. The text between two backticks is a code span; the text between an unpaired backtick and the end of
 * the line is not.
 */
function escapeLine(line: string): string {
  const parts = line.split('`');
  const escaped = parts.map((part, index) => {
    if (index % 2 === 0) return escapeText(part);
    if (index === parts.length - 1) return `${ESCAPES['`']}${escapeText(part)}`;
    return part.trim() === '' ? `${ESCAPES['`']}${part}${ESCAPES['`']}` : formatCodeSpan(part);
  });
  const begins = /^(?:[-+](?:\s|$)|[-=]{2}|=$)/.test(line) ? '\\' : '';
  return `${begins}${escaped.join('')}`.replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2');
}

function escapeText(text: string): string {
  const signs = text.replaceAll(/[&<>\\$*_~[\]|#]/g, (sign, at: number) => escapeSign(sign, text, at));
  return breakReferences(signs);
}

function escapeSign(sign: string, text: string, at: number): string {
  if (sign !== '_') return ESCAPES[sign] ?? sign;
  return isAlphanumeric(text[at - 1]) && isAlphanumeric(text[at + 1]) ? '_' : '\\_';
}

/**
 * Breaks the text that GitHub turns into a link or an image. A backslash before `_` is not part of the rendered text.
 */
function breakReferences(text: string): string {
  return text.replaceAll(
    /@|(?<!&)#(?=\d)|:(?=\/\/|(?:[\w+-]|\\_){1,64}:)|www(?=\.)|(?<!\w)GH(?:SA)?(?=-\w)/gi,
    (part, at: number) => (part !== ':' || startsReference(text.slice(at + 1, at + 130)) ? `${part}${BREAK}` : part),
  );
}

/** Checks whether the text after a colon makes it a URL or the short name of an emoji: `//host`, `smile:`, `100:`. */
function startsReference(after: string): boolean {
  const [name = ''] = after.split(':', 1);
  return after.startsWith('//') || /[a-z]/i.test(name) || name === '100' || name === '1234';
}

function isAlphanumeric(character: string | undefined): boolean {
  return character !== undefined && /[A-Za-z0-9]/.test(character);
}

/** Returns the text as a code span on one line, which may stand in the cell of a table. */
export function formatCodeSpan(text: string): string {
  const line = splitVisibleLines(shortenText(text, MAX_SHOWN)).join(' ');
  // A pipe ends a table cell even in a code span (GFM specification, section 4.10).
  if (line.includes('|')) return `<code>${escapeText(line.replaceAll('`', "'"))}</code>`;
  const fence = '`'.repeat(measureBackticks(line) + 1);
  const isPadded = line.startsWith(' ') && line.endsWith(' ') && line.trim() !== '';
  const space = line === '' || isPadded || line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${space}${line}${space}${fence}`;
}

/** Returns the text as HTML text on one line. */
export function escapeHtml(text: string): string {
  return breakReferences(escapeTags(splitVisibleLines(shortenText(text, MAX_SHOWN)).join(' ')));
}

/** Returns the lines as the content of `<pre>`, in which CommonMark and GitHub search only for tags. */
export function escapePreformatted(lines: readonly string[]): string {
  return lines
    .map((line) => shortenText(line, MAX_SHOWN))
    .flatMap(splitVisibleLines)
    .map(escapeTags)
    .join('\n');
}

function escapeTags(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => HTML_ESCAPES[character] ?? character);
}

/**
 * Returns the text for a quoted label of a Mermaid diagram. Other characters become entity codes (Mermaid
 * documentation, "Flowcharts").
 */
export function escapeLabel(text: string): string {
  return splitVisibleLines(shortenText(text, MAX_SHOWN))
    .join(' ')
    .replaceAll(/[^\p{L}\p{N} .,:?/×_-]/gu, (character) => `#${character.codePointAt(0) ?? 0};`);
}

/**
 * Returns the length of the longest run of backticks in the text. A code span or a fence around the text must be
 * longer.
 */
export function measureBackticks(text: string): number {
  let [longest, run] = [0, 0];
  for (const character of text) {
    run = character === '`' ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}
