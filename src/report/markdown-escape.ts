import { bounded } from '../text/bounded.ts';

/** In UTF-16 units. Nobody reads more of one text, and the runner drops a summary that is too long. */
const MOST_SHOWN = 16_384;

/** Ends of lines: those of CommonMark, and those that other readers take for one. */
const LINE_END = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/;

/** Control characters but for a tab, and those that show text in another order than it is written in. */
const UNSHOWN = /[^\P{Cc}\t]|\p{Bidi_Control}/gu;

/** A space without width. An entity does not break a reference: GitHub looks for them in the rendered text. */
const BREAK = '&#8203;';

/** Characters of Markdown, HTML, tables and formulas. A backslash is an entity, because a table counts those before a pipe. */
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
export function visibleLines(text: string): readonly string[] {
  const lines = text.toWellFormed().split(LINE_END);
  return lines.map((line) => line.replaceAll(UNSHOWN, '\uFFFD'));
}

/**
 * Returns the text on one line of Markdown, with `<br>` for ends of lines. A code span in it stays one, because it shows
 * what it holds and nothing else. Every other sign is shown as it is: nothing is read as Markdown, HTML, the cell of a
 * table, a link, a mention, a reference to an issue or an emoji, neither by the GitHub extensions of CommonMark
 * (https://github.github.com/gfm/) nor by what GitHub looks for in the rendered text. A commit is still linked where its
 * hexadecimal name stands, because a digest that is broken up cannot be copied.
 */
export function escapeInline(text: string): string {
  const lines = visibleLines(bounded(text, MOST_SHOWN)).map((line) => line.trim());
  const kept = lines.filter((line, index) => line !== '' || lines[index - 1] !== '').map(escapeLine);
  // One space at an end is between words; more at the start of a line make a block of code.
  const [before, after] = [/^\s/, /\s$/].map((space) => (text.trim() !== '' && space.test(text) ? ' ' : ''));
  return `${before}${kept.join('<br>')}${after}`;
}

/** Between two backticks is a code span, between one and the end of the line is not. */
function escapeLine(line: string): string {
  const parts = line.split('`');
  const escaped = parts.map((part, index) => {
    if (index % 2 === 0) return escapeText(part);
    if (index === parts.length - 1) return `${ESCAPES['`']}${escapeText(part)}`;
    return part.trim() === '' ? `${ESCAPES['`']}${part}${ESCAPES['`']}` : codeSpan(part);
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

/** Breaks what GitHub makes a link or a picture of. A backslash before `_` is not in the rendered text. */
function breakReferences(text: string): string {
  return text.replaceAll(
    /@|(?<!&)#(?=\d)|:(?=\/\/|(?:[\w+-]|\\_){1,40}:)|www(?=\.)|(?<!\w)GH(?:SA)?(?=-\w)/gi,
    (part, at: number) => (part !== ':' || startsReference(text.slice(at + 1, at + 82)) ? `${part}${BREAK}` : part),
  );
}

/** Returns whether the text after a colon makes it a URL or the short name of an emoji: `//host`, `smile:`, `100:`. */
function startsReference(after: string): boolean {
  const [name = ''] = after.split(':', 1);
  return after.startsWith('//') || /[a-z]/i.test(name) || name === '100' || name === '1234';
}

function isAlphanumeric(character: string | undefined): boolean {
  return character !== undefined && /[A-Za-z0-9]/.test(character);
}

/** Returns the text as a code span on one line, which may stand in the cell of a table. */
export function codeSpan(text: string): string {
  const line = visibleLines(bounded(text, MOST_SHOWN)).join(' ');
  // A table ends its cell at a pipe in a code span too (GFM specification, section 4.10).
  if (line.includes('|')) return `<code>${escapeText(line.replaceAll('`', "'"))}</code>`;
  const fence = '`'.repeat(longestBackticks(line) + 1);
  const isPadded = line.startsWith(' ') && line.endsWith(' ') && line.trim() !== '';
  const space = line === '' || isPadded || line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${space}${line}${space}${fence}`;
}

/** Returns the text as HTML text on one line. */
export function escapeHtml(text: string): string {
  return breakReferences(escapeTags(visibleLines(bounded(text, MOST_SHOWN)).join(' ')));
}

/** Returns the lines as the content of `<pre>`, in which neither CommonMark nor GitHub looks for anything but tags. */
export function escapePreformatted(lines: readonly string[]): string {
  return lines
    .map((line) => bounded(line, MOST_SHOWN))
    .flatMap(visibleLines)
    .map(escapeTags)
    .join('\n');
}

function escapeTags(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => HTML_ESCAPES[character] ?? character);
}

/** Returns the text as it stands in quotes in a diagram of Mermaid, other characters as entity codes ("Flowcharts" there). */
export function escapeLabel(text: string): string {
  return visibleLines(bounded(text, MOST_SHOWN))
    .join(' ')
    .replaceAll(/[^\p{L}\p{N} .,:?/×_-]/gu, (character) => `#${character.codePointAt(0) ?? 0};`);
}

/** Returns the length of the longest run of backticks in the text: a code span or a fence around it is longer. */
export function longestBackticks(text: string): number {
  let [longest, run] = [0, 0];
  for (const character of text) {
    run = character === '`' ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}
