import { credentialsIn, readCredentials, type UserCredentials } from '../nats/jwt/user-credentials.ts';
import { accepted, type Grammar, refused } from './grammar.ts';

/** The grammar of the text of a `.creds` file. */
export const credentialsFile: Grammar<UserCredentials> = {
  expected: 'the text of a .creds file: a user JWT and its nkey seed, each between its BEGIN and its END line',
  example: '',
  typing: { type: 'string' },
  parse: (text) => {
    const read = readCredentials(text);
    return read.kind === 'read' ? accepted(read.credentials) : refused({ expected: read.lacks });
  },
  // The secrets of a whole file are only its two secret words: the runner would hide the lines of explanation wherever
  // they occur.
  secrets: (text) => (readCredentials(text).kind === 'read' ? credentialsIn(text) : [...credentialsIn(text), text]),
};
