import { readMarks } from './marked-text.ts';

/** The minimum length of a broken line; tools break base64 at 64 or 76 characters. */
const COLUMNS = 40;
const MOST_LINES = 200;

/** A collector that joins single lines to blocks. */
export type LineBlocks = {
  readonly add: (line: string) => void;
  /** Shows the lines that are still held. */
  readonly end: () => void;
};

/**
 * Creates a collector that shows lines as they arrive, except that a line that ends in base64 is shown together with
 * the next lines. A secret in base64 may be broken at the end of a line, and is found only in both lines together.
 */
export function createLineBlocks(show: (block: string) => void): LineBlocks {
  const held: string[] = [];
  const end = (): void => {
    if (held.length > 0) show(held.splice(0).join('\n'));
  };
  return {
    add: (line) => {
      held.push(line);
      if (held.length >= MOST_LINES || !endsInBase64(readMarks(line).text)) end();
    },
    end,
  };
}

/** Checks whether a line ends in base64; names and paths lack capitals or digits. */
function endsInBase64(line: string): boolean {
  if (line.length < COLUMNS) return false;
  const last = line.trimEnd().slice(-COLUMNS);
  return [/^[A-Za-z0-9+/=_-]{40}$/, /[A-Z]/, /[a-z]/, /\d/].every((part) => part.test(last));
}
