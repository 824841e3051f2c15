import { accepted, type Grammar, refused } from './grammar.ts';

/** The path of the folder to which the Action writes files. */
export const directoryPath: Grammar<string> = {
  expected: 'the path of a folder, in one line of at most 1024 characters',
  example: 'deploy/nats',
  typing: { type: 'string' },
  parse: (text) => (/^[^\p{Cc}{}]{1,1024}$/u.test(text) ? accepted(text) : refused()),
};
