import { accepted, type Grammar, refused } from './grammar.ts';

const MOST_CHARACTERS = 65_536;

/** A script of bash, of any number of lines. */
export const script: Grammar<string> = {
  expected: `a script of bash of at most ${MOST_CHARACTERS} characters`,
  example: 'nats server check connection',
  typing: { type: 'string' },
  parse: (text) =>
    text.length <= MOST_CHARACTERS && !text.includes('\0') ? accepted(text.replaceAll('\r\n', '\n')) : refused(),
};
