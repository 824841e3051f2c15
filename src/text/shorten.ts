/**
 * The maximum length of a word that is not cut. A word at the end of a text may be a secret, of which no part may be
 * shown.
 */
const LONGEST_WORD = 256;

/** Returns at most the first `most` UTF-16 units of a text, with a note of how many follow. */
export function shortenText(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = findBoundary(text, most);
  return `${text.slice(0, end)}${formatCutNote(text.length - end)}`;
}

/** The mark where a text is cut, with or without a note after it. */
export const CUT = '…';

/** Formats the note at the end of a text that states how much of it was left out. */
export function formatCutNote(characters: number): string {
  return `${CUT} (${characters} more characters)`;
}

/**
 * Returns the position to cut a text: at `most`, or before the word at that place unless it is long, and never within a
 * surrogate pair.
 */
export function findBoundary(text: string, most: number): number {
  for (let end = most; end > Math.max(0, most - LONGEST_WORD); end -= 1) {
    if (/\s/.test(text.charAt(end - 1)) || /\s/.test(text.charAt(end))) return end;
  }
  const last = text.charCodeAt(most - 1);
  return last >= 0xd800 && last <= 0xdbff ? most - 1 : most;
}
