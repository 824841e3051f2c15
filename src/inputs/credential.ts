import { accepted, type Grammar, refused } from './grammar.ts';
import { isVariableName } from './variable-name.ts';

/** A user name of nats-server that needs no escape in a URL, a Secret or a log line. */
export const userName: Grammar<string> = {
  expected: 'at most 64 letters, digits, `_`, `-` and `.`, beginning with a letter or digit',
  example: 'app',
  typing: { type: 'string' },
  parse: (text) => {
    const valid = (candidate: string) => /^[a-zA-Z0-9][\w.-]{0,63}$/.test(candidate);
    if (valid(text)) return accepted(text);
    const repaired = text
      .slice(0, 64)
      .replaceAll(/[^\w.-]+/g, '_')
      .replace(/^[_.-]+/, '');
    return refused({ suggestion: valid(repaired) ? repaired : undefined });
  },
};

/**
 * A password in plain text. nats-server takes `$2a$…` for a bcrypt hash (server/auth.go, `isBcrypt`), and no client
 * could log in with such a value.
 */
export const password: Grammar<string> = {
  expected: 'the password itself (1 to 256 printable characters on one line, not a bcrypt hash)',
  example: '',
  typing: { type: 'string' },
  parse: (text) => {
    if (isVariableName(text))
      return refused({ expected: 'the password itself, as `${{ secrets.NAME }}`: nothing replaces a variable' });
    return /^[^\p{Cc}]{1,256}$/u.test(text) && !/^\$2[abxy]?\$/.test(text) ? accepted(text) : refused();
  },
  secrets: (text) => [text],
};
