import {
  codeSpan,
  escapeHtml,
  escapeInline,
  escapePreformatted,
  longestBackticks,
  visibleLines,
} from './markdown-escape.ts';

/** Only this file makes one, and it escapes every text that it is given. */
class SafeMarkdown {
  readonly #text: string; // The private field keeps every other object from being of this type.

  constructor(text: string) {
    this.#text = text;
  }

  /** Returns what a reader of Markdown gets. */
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

/** Text that a reader of Markdown takes for what it is meant as. No string is of this type. */
export type Markdown = SafeMarkdown;

/** A string is text of anybody and is escaped. */
type Part = string | number | Markdown | readonly Markdown[];

export const EMPTY: Markdown = new SafeMarkdown('');

/** Returns the template as Markdown. Each text in `${}` is escaped, unless it is Markdown already. */
export function md(template: TemplateStringsArray, ...parts: readonly Part[]): Markdown {
  return joined(template.flatMap((literal, index) => [new SafeMarkdown(literal), markdownOf(parts[index] ?? EMPTY)]));
}

function markdownOf(part: Part): Markdown {
  if (part instanceof SafeMarkdown) return part;
  return typeof part === 'object' ? joined(part) : new SafeMarkdown(escapeInline(String(part)));
}

export function joined(parts: readonly Markdown[], separator: '' | '\n' | ', ' | ' → ' = ''): Markdown {
  return new SafeMarkdown(parts.map(({ text }) => text).join(separator));
}

/** Returns text of anybody as a code span, which may stand in the cell of a table. */
export function code(text: string): Markdown {
  return new SafeMarkdown(codeSpan(text));
}

/** Returns text of anybody that stands out. Empty without any: asterisks alone are a rule. */
export function strong(text: string): Markdown {
  const shown = escapeInline(text.trim());
  return shown === '' ? EMPTY : new SafeMarkdown(`**${shown}**`);
}

/** Returns lines of anybody, laid out as they are. Empty without any. */
export function block(lines: readonly string[]): Markdown {
  return lines.length === 0 ? EMPTY : new SafeMarkdown(`<pre>${escapePreformatted(lines)}</pre>\n`);
}

/** Returns text of anybody in a fenced block. What a diagram shows of anybody is escaped by whoever draws it. */
export function fenced(language: 'yaml' | 'diff' | 'sh' | 'js' | 'go' | 'python' | 'mermaid', text: string): Markdown {
  const lines = visibleLines(text).join('\n').trimEnd();
  const fence = '`'.repeat(Math.max(3, longestBackticks(lines) + 1));
  return new SafeMarkdown(`${fence}${language}\n${lines}\n${fence}\n`);
}

/** Returns a part that opens at a click; empty without content. The words of the title in `strong` stand out. */
export function folded(title: string, content: Markdown, strong?: string): Markdown {
  if (content.isEmpty) return EMPTY;
  const shown = escapeHtml(title);
  const marked = strong === undefined ? shown : shown.replace(escapeHtml(strong), '<b>$&</b>');
  return new SafeMarkdown(`<details><summary>${marked}</summary>\n\n${content.text}\n</details>\n`);
}

/** Returns a table, each cell on one line. Empty without rows. */
export function table(head: readonly string[], rows: readonly (readonly (string | Markdown)[])[]): Markdown {
  const line = (cells: readonly (string | Markdown)[]): string =>
    `| ${cells.map((cell) => markdownOf(cell).text).join(' | ')} |\n`;
  const rule = `| ${head.map(() => '---').join(' | ')} |\n`;
  return rows.length === 0 ? EMPTY : new SafeMarkdown([line(head), rule, ...rows.map(line)].join(''));
}

const SHORTENED = '\n(shortened)';

/**
 * Returns the first lines of a document that was made here, at most so many bytes of UTF-8, with a note when lines are
 * left out. Code blocks and folded parts that are open at the cut are closed, because an open one would change how
 * GitHub reads the rest.
 */
export function shortenMarkdown(document: string, mostBytes: number): string {
  if (Buffer.byteLength(document) <= mostBytes) return document;
  const shown: string[] = [];
  let open: readonly string[] = [];
  let left = mostBytes - Buffer.byteLength(SHORTENED);
  for (const line of document.split('\n')) {
    const after = openAfter(line, open);
    left -= Buffer.byteLength(line) + 1;
    if (left < Buffer.byteLength(after.join('\n')) + 1) break;
    shown.push(line);
    open = after;
  }
  return [...shown, ...open, SHORTENED].join('\n');
}

/** Returns what closes the parts that are open after a line, the innermost first. */
function openAfter(line: string, open: readonly string[]): readonly string[] {
  const [closing = ''] = open;
  if (closing.startsWith('```')) return line === closing ? open.slice(1) : open;
  if (closing === '</pre>') return line.includes('</pre>') ? open.slice(1) : open;
  const fence = /^`{3,}/.exec(line)?.[0];
  if (fence !== undefined) return [fence, ...open];
  if (line.startsWith('<pre>')) return line.includes('</pre>') ? open : ['</pre>', ...open];
  if (line.startsWith('<details>')) return ['</details>', ...open];
  return line === '</details>' ? open.slice(1) : open;
}
