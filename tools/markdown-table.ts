/** Renders a Markdown table, one line each for its head, its rule and its rows. */
export function tableLines(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(escapeCell).join(' | ')} |`);
}

function escapeCell(text: string): string {
  return text.replaceAll(/(?<!\\)\|/g, '\\|');
}

/** Renders text as code; nothing if it is empty. */
export function codeText(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}

/** Renders the target of a link to a row of a table, because only headings have anchors of their own. */
export function anchor(id: string): string {
  return `<a id="${id}"></a>`;
}
