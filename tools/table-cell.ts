const MAX_CHARS = 240;

/** Returns one line that neither ends the cell of a Markdown table nor is read as HTML, cut to 240 characters. */
export function cell(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return wholeCell(line.length <= MAX_CHARS ? line : `${line.slice(0, MAX_CHARS - 1)}…`);
}

/** Returns the same line without cutting it. */
export function wholeCell(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
