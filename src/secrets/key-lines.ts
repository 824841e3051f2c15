import { endsKey, opensKey } from './key-blocks.ts';
import { readMarks } from './marked-text.ts';

/** A private key of RSA with 8192 bits has 100 lines. */
const MOST_LINES = 200;
const MOST_CHARACTERS = 4096;

/**
 * Takes private keys out of lines that come one after the other: the lines between the one that begins a key and the one
 * that ends it look like anything else. Returns undefined for those.
 */
export function createKeyLines(): (line: string) => string | undefined {
  let left = 0;
  return (line) => {
    const { text } = readMarks(line);
    if (left > 0) {
      left -= 1;
      if (endsKey(text)) left = 0;
      if (left === 0 || isOfKey(text)) return undefined;
      left = 0;
    }
    if (opensKey(text)) left = MOST_LINES;
    return line;
  };
}

/** Base64, perhaps behind what a log writes before each line; a header (RFC 1421); nothing. */
function isOfKey(line: string): boolean {
  const text = line.slice(0, MOST_CHARACTERS).trim();
  const last = text.split(/\s/).at(-1) ?? '';
  return /^[A-Za-z0-9+/=]*$/.test(text) || /^[A-Za-z0-9+/=]{16,}$/.test(last) || /^(?:Proc-Type|DEK-Info):/.test(text);
}
