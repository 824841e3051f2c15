import { endsKey, opensKey } from './key-blocks.ts';
import { readMarks, withMarks } from './marked-text.ts';

/** A private key of RSA with 8192 bits has 100 lines. */
const MOST_LINES = 200;
const MOST_CHARACTERS = 4096;

/** A line, all of it marked where it is of a private key. */
export type KeyLine = { readonly text: string; readonly isOfKey: boolean };

/**
 * Finds private keys in lines that come one after the other: the lines between the one that begins a key and the one that
 * ends it look like anything else. They are marked and not left out, because a known secret may begin in one of them and
 * end in the line after it.
 */
export function createKeyLines(): (line: string) => KeyLine {
  let left = 0;
  const isInKey = (text: string): boolean => {
    if (left === 0) return false;
    left -= 1;
    if (endsKey(text)) {
      left = 0;
      return true;
    }
    if (!isOfKey(text)) left = 0;
    return left > 0;
  };
  return (line) => {
    const { text } = readMarks(line);
    if (isInKey(text)) return { text: withMarks({ text, spans: [[0, text.length]] }), isOfKey: true };
    if (opensKey(text)) left = MOST_LINES;
    return { text: line, isOfKey: false };
  };
}

/** Base64, perhaps behind what a log writes before each line; a header (RFC 1421); nothing. */
function isOfKey(line: string): boolean {
  const text = line.slice(0, MOST_CHARACTERS).trim();
  const last = text.split(/\s/).at(-1) ?? '';
  return /^[A-Za-z0-9+/=]*$/.test(text) || /^[A-Za-z0-9+/=]{16,}$/.test(last) || /^(?:Proc-Type|DEK-Info):/.test(text);
}
