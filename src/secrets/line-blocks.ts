import { readMarks } from './marked-text.ts';

/** Tools break base64 at 64 or 76 characters. */
const COLUMNS = 40;
const MOST_LINES = 200;

/** Puts lines together that come one by one. */
export type LineBlocks = {
  readonly add: (line: string) => void;
  /** Shows what is still held. */
  readonly end: () => void;
};

/**
 * Shows lines as they come, but those that end in base64 with what follows: a secret in base64 may be broken at the end
 * of a line, and only both lines together tell.
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

/** Names and paths lack capitals or digits. */
function endsInBase64(line: string): boolean {
  if (line.length < COLUMNS) return false;
  const last = line.trimEnd().slice(-COLUMNS);
  return [/^[A-Za-z0-9+/=_-]{40}$/, /[A-Z]/, /[a-z]/, /\d/].every((part) => part.test(last));
}
