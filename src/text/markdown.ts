import {
  escapeHtml,
  escapeInline,
  escapePreformatted,
  formatCodeSpan,
  measureBackticks,
  splitVisibleLines,
} from './markdown-escape.ts';

/** Markdown whose texts are escaped. Objects of this class are created only in this file. */
class SafeMarkdown {
  readonly #text: string; // The private field prevents every other object from having this type.

  constructor(text: string) {
    this.#text = text;
  }

  /** Returns the text for a reader of Markdown. */
  get text(): string {
    return this.#text;
  }

  get isEmpty(): boolean {
    return this.#text.trim() === '';
  }

  toString(): string {
    return this.#text;
  }

  toJSON(): string {
    return this.#text;
  }
}

/** Text that a reader of Markdown interprets as intended. A string does not have this type. */
export type Markdown = SafeMarkdown;

/** A part of a template. A string may come from any source and is escaped. */
type Part = string | number | Markdown | readonly Markdown[];

export const EMPTY: Markdown = new SafeMarkdown('');

/** Returns the template as Markdown. Each text in `${}` is escaped, unless it is Markdown already. */
export function md(template: TemplateStringsArray, ...parts: readonly Part[]): Markdown {
  return joinMarkdown(
    template.flatMap((literal, index) => [new SafeMarkdown(literal), convertToMarkdown(parts[index] ?? EMPTY)]),
  );
}

function convertToMarkdown(part: Part): Markdown {
  if (part instanceof SafeMarkdown) return part;
  return typeof part === 'object' ? joinMarkdown(part) : new SafeMarkdown(escapeInline(String(part)));
}

export function joinMarkdown(parts: readonly Markdown[], separator: '' | '\n' | ', ' | ' → ' = ''): Markdown {
  return new SafeMarkdown(parts.map(({ text }) => text).join(separator));
}

/** Returns any text as a code span, which may stand in the cell of a table. */
export function code(text: string): Markdown {
  return new SafeMarkdown(formatCodeSpan(text));
}

/** Returns any text in bold. Empty for an empty text, because asterisks alone are a rule. */
export function strong(text: string): Markdown {
  const shown = escapeInline(text.trim());
  return shown === '' ? EMPTY : new SafeMarkdown(`**${shown}**`);
}

/** Returns any lines in their own layout. Empty without lines. */
export function block(lines: readonly string[]): Markdown {
  return lines.length === 0 ? EMPTY : new SafeMarkdown(`<pre>${escapePreformatted(lines)}</pre>\n`);
}

/** The parts of a log line that differ when a server logs the same again: its time, and the number of a connection. */
const MARKS = /\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d(?:\.\d+)?|\b[crl]id:\d+/g;

/** Returns the lines without repetitions. The first of equal log lines stands for all of them, with their number. */
export function countRepeats(lines: readonly string[]): readonly string[] {
  const groups = Map.groupBy(lines, (line) => line.replaceAll(MARKS, ''));
  return [...groups.values()].map(([first = '', ...more]) =>
    more.length === 0 ? first : `${first} (${more.length + 1} times)`,
  );
}

/** Returns any text in a fenced block. The function that draws a diagram must escape the texts in it. */
export function fenced(language: 'yaml' | 'diff' | 'sh' | 'js' | 'go' | 'python' | 'mermaid', text: string): Markdown {
  const lines = splitVisibleLines(text).join('\n').trimEnd();
  const fence = '`'.repeat(Math.max(3, measureBackticks(lines) + 1));
  return new SafeMarkdown(`${fence}${language}\n${lines}\n${fence}\n`);
}

/**
 * Returns content that a click on the title unfolds; empty without content. The words of `strong` are bold in the
 * title.
 */
export function folded(title: string, content: Markdown, strong?: string): Markdown {
  if (content.isEmpty) return EMPTY;
  const shown = escapeHtml(title);
  const marked = strong === undefined ? shown : shown.replace(escapeHtml(strong), '<b>$&</b>');
  return new SafeMarkdown(`<details><summary>${marked}</summary>\n\n${content.text}\n</details>\n`);
}

/** Returns a table, each cell on one line. Empty without rows. */
export function table(head: readonly string[], rows: readonly (readonly (string | Markdown)[])[]): Markdown {
  const line = (cells: readonly (string | Markdown)[]): string =>
    `| ${cells.map((cell) => convertToMarkdown(cell).text).join(' | ')} |\n`;
  const rule = `| ${head.map(() => '---').join(' | ')} |\n`;
  return rows.length === 0 ? EMPTY : new SafeMarkdown([line(head), rule, ...rows.map(line)].join(''));
}

const SHORTENED = '\n(shortened)';

/**
 * Returns the first lines of a document of this action, at most `mostBytes` bytes of UTF-8, with a note when lines are
 * omitted. Code blocks and folded parts that are open at the cut are closed, because an open one would change how
 * GitHub renders the rest.
 */
export function shortenMarkdown(document: string, mostBytes: number): string {
  if (Buffer.byteLength(document) <= mostBytes) return document;
  const shown: string[] = [];
  let open: readonly string[] = [];
  let left = mostBytes - Buffer.byteLength(SHORTENED);
  for (const line of document.split('\n')) {
    const after = findOpenParts(line, open);
    left -= Buffer.byteLength(line) + 1;
    if (left < Buffer.byteLength(after.join('\n')) + 1) break;
    shown.push(line);
    open = after;
  }
  return [...shown, ...open, SHORTENED].join('\n');
}

/** Returns the closing lines of the parts that are open after a line, the innermost first. */
function findOpenParts(line: string, open: readonly string[]): readonly string[] {
  const [closing = ''] = open;
  if (closing.startsWith('```')) return line === closing ? open.slice(1) : open;
  if (closing === '</pre>') return line.includes('</pre>') ? open.slice(1) : open;
  const fence = /^`{3,}/.exec(line)?.[0];
  if (fence !== undefined) return [fence, ...open];
  if (line.startsWith('<pre>')) return line.includes('</pre>') ? open : ['</pre>', ...open];
  if (line.startsWith('<details>')) return ['</details>', ...open];
  return line === '</details>' ? open.slice(1) : open;
}
