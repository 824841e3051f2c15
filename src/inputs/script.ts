import { accepted, type Grammar, refused } from './grammar.ts';

/** The size limit of a script, because a variable of the environment holds 128 KiB on Linux. */
const MOST_BYTES = 65_536;

/** The grammar of a bash script of any number of lines. */
export const script: Grammar<string> = {
  expected: `a script of bash of at most ${MOST_BYTES} bytes`,
  example: 'nats server check connection',
  typing: { type: 'string' },
  parse: (text) =>
    Buffer.byteLength(text) <= MOST_BYTES && !text.includes('\0') ? accepted(text.replaceAll('\r\n', '\n')) : refused(),
};
