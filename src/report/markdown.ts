/** Text of others: no tag in it is read, and no paragraph ends in it. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\n\n', '\n');
}

/** The same as the cell of a table, on one line. */
export function cell(text: string): string {
  return escaped(text).replaceAll('|', '\\|').replaceAll('\n', '<br>');
}

/** Lines of others: no Markdown and no tag in them is read. Empty without any. */
export function block(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `<pre>${lines.map((line) => escaped(line)).join('\n')}</pre>\n`;
}

/** A part that opens at a click; empty without content. `title` may hold tags. */
export function folded(title: string, content: string): string {
  return content.trim() === '' ? '' : `<details><summary>${title}</summary>\n\n${content}\n</details>\n`;
}

/** Cells come as Markdown. Empty without rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return rows.length === 0 ? '' : [head, head.map(() => '---'), ...rows].map(line).join('');
}

/** A fenced block of our own text. */
export function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\`\n`;
}
