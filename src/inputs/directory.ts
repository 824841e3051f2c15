import { accepted, type Grammar, refused } from './grammar.ts';

/** Where files are to be, for the edge to write. */
export const directoryPath: Grammar<string> = {
  expected: 'the path of a folder, in one line of at most 1024 characters',
  example: 'deploy/nats',
  typing: { type: 'string' },
  parse: (text) => (/^[^\p{Cc}{}]{1,1024}$/u.test(text) ? accepted(text) : refused()),
};
