import { LONGEST_CLIENT_USER, OWN_USER_PREFIX } from '../../cluster/user.ts';
import { findCredentials, readCredentials, type UserCredentials } from '../../nats/jwt/user-credentials.ts';
import { isVariableName } from './kubernetes-name.ts';
import { accept, type Grammar, refuse } from './row.ts';

/** The grammar of the user name of the applications. It is short enough for the suffix that a rotation adds. */
export const clientUserName: Grammar<string> = makeUserName(LONGEST_CLIENT_USER);

/** The grammar of the user name of the routes. A rotation does not change it. */
export const routeUserName: Grammar<string> = makeUserName(64);

/** Makes the grammar of a nats-server user name that needs no escape in a URL, a Secret or a log line. */
function makeUserName(longest: number): Grammar<string> {
  const valid = (text: string): boolean =>
    text.length <= longest && /^[a-zA-Z0-9][\w.-]*$/.test(text) && !text.startsWith(OWN_USER_PREFIX);
  return {
    expected: `at most ${longest} letters, digits, \`_\`, \`-\` and \`.\`, beginning with a letter or digit, but not with \`${OWN_USER_PREFIX}\``,
    example: 'app',
    typing: { type: 'string' },
    parse: (text) => {
      if (valid(text)) return accept(text);
      const repaired = text
        .slice(0, longest)
        .replaceAll(/[^\w.-]+/g, '_')
        .replace(/^[_.-]+/, '');
      return refuse({ suggestion: valid(repaired) ? repaired : undefined });
    },
  };
}

const PLAIN =
  'the password itself: nats-server treats a text that begins with `$2a$` as a bcrypt hash, and no client could log in with it';

/**
 * A password in plain text. nats-server mistakes `$2a$…` for a bcrypt hash (server/auth.go, `isBcrypt`), and no client
 * could log in with such a value.
 */
export const password: Grammar<string> = {
  expected: 'the password itself (1 to 256 printable characters on one line, not a bcrypt hash)',
  example: '',
  typing: { type: 'string' },
  parse: (text) => {
    if (/^\$2[abxy]?\$/.test(text)) return refuse({ expected: PLAIN });
    if (isVariableName(text))
      return refuse({
        expected: 'the password itself, for example `${{ secrets.NAME }}`: a variable such as `$NAME` is not replaced',
      });
    return /^[^\p{Cc}]{1,256}$/u.test(text) ? accept(text) : refuse();
  },
  secrets: (text) => [text],
};

/** The grammar of the text of a `.creds` file. */
export const credentialsFile: Grammar<UserCredentials> = {
  expected: 'the text of a .creds file: a user JWT and its nkey seed, each between its BEGIN and its END line',
  example: '',
  typing: { type: 'string' },
  parse: (text) => {
    const read = readCredentials(text);
    return read.kind === 'read' ? accept(read.credentials) : refuse({ expected: read.lacks });
  },
  // In a complete file, only the JWT and the seed are secret. If the whole text were masked, the runner would also hide
  // its explanatory lines wherever they occur in the log.
  secrets: (text) => (readCredentials(text).kind === 'read' ? findCredentials(text) : [...findCredentials(text), text]),
};
