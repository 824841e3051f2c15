const MOST_CHARS = 240;

/** Returns one line that neither ends the cell nor is read as HTML. */
export function cell(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  const short = line.length <= MOST_CHARS ? line : `${line.slice(0, MOST_CHARS - 1)}…`;
  return short.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
