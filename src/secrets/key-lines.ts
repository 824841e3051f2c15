import { endsKey, opensKey } from './key-blocks.ts';
import { markSpans, readMarks } from './spans.ts';

/** The minimum length of a broken line; tools break base64 at 64 or 76 characters. */
const COLUMNS = 40;

/** The maximum number of lines of a key. A private key of RSA with 8192 bits has 100 lines. */
const MAX_LINES = 200;

/**
 * Joins single lines to blocks. Lines are shown as they arrive, except that a line that ends in base64 is shown
 * together with the next lines: a secret in base64 may be broken at the end of a line, and is found only in both lines
 * together.
 */
export class LineBlocks {
  readonly #show: (block: string) => void;
  readonly #held: string[] = [];

  constructor(show: (block: string) => void) {
    this.#show = show;
  }

  add(line: string): void {
    this.#held.push(line);
    if (this.#held.length >= MAX_LINES || !endsInBase64(readMarks(line).text)) this.end();
  }

  /** Shows the lines that are still held. */
  end(): void {
    if (this.#held.length > 0) this.#show(this.#held.splice(0).join('\n'));
  }
}

/** Checks whether a line ends in base64; names and paths lack capitals or digits. */
function endsInBase64(line: string): boolean {
  if (line.length < COLUMNS) return false;
  const last = line.trimEnd().slice(-COLUMNS);
  return [/^[A-Za-z0-9+/=_-]{40}$/, /[A-Z]/, /[a-z]/, /\d/].every((part) => part.test(last));
}

const MAX_CHARACTERS = 4096;

/** A line; it is marked completely if it belongs to a private key. */
export type KeyLine = { readonly text: string; readonly isOfKey: boolean };

/**
 * Finds private keys in consecutive lines: the lines between the first and the last line of a key have no mark of their
 * own. They are marked and not left out, because a known secret may begin in one of them and end in the next line.
 */
export class KeyLines {
  /** The number of lines that the present key may still have. */
  #left = 0;

  /** Returns the next line, marked if it belongs to a key. */
  read(line: string): KeyLine {
    const { text } = readMarks(line);
    const isOfKey = this.#isInKey(text);
    if (opensKey(text)) this.#left = MAX_LINES;
    return { text: isOfKey ? markSpans({ text, spans: [[0, text.length]] }) : line, isOfKey };
  }

  #isInKey(text: string): boolean {
    const isEnd = endsKey(text);
    const isInside = this.#left > 0 && (isEnd || isOfKey(text));
    this.#left = isInside && !isEnd ? this.#left - 1 : 0;
    return isInside;
  }
}

/**
 * Checks whether a line may belong to a key: base64, perhaps after the prefix of a log line; a header (RFC 1421); an
 * empty line.
 */
function isOfKey(line: string): boolean {
  const text = line.slice(0, MAX_CHARACTERS).trim();
  const last = text.split(/\s/).at(-1) ?? '';
  return /^[A-Za-z0-9+/=]*$/.test(text) || /^[A-Za-z0-9+/=]{16,}$/.test(last) || /^(?:Proc-Type|DEK-Info):/.test(text);
}
