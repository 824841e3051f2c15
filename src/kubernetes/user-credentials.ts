import type { Fields } from './kubeconfig-fields.ts';
import type { Environment } from './proxy.ts';

/** HTTP headers; a list is a header that is sent once for each value. */
export type Headers = Readonly<Record<string, string | string[]>>;

/**
 * Decodes the impersonated user: `as`, `as-uid`, `as-groups`, `as-user-extra`. Returns the headers for it, as client-go
 * sends them (`transport/round_trippers.go`, `impersonatingRoundTripper`).
 *
 * @throws ActionError INPUT_INVALID when the rest is set without `as`, or a value cannot stand in a header.
 */
export function decodeImpersonation(fields: Fields): Headers {
  const user = fields.text('as');
  const [uid, groups, extra] = [fields.text('as-uid'), fields.texts('as-groups'), fields.textLists('as-user-extra')];
  const more = { 'as-uid': uid !== undefined, 'as-groups': groups.length > 0, 'as-user-extra': hasEntries(extra) };
  if (user === undefined) {
    const [lonely] = Object.entries(more).find(([, isSet]) => isSet) ?? [];
    if (lonely !== undefined) throw fields.refuse(lonely, 'is set without `as`', '`as`, the user to act as');
    return {};
  }
  const encode = (field: string, value: string): string => {
    if (/\p{Cc}/u.test(value)) throw fields.refuse(field, 'holds a control character', 'text in one line');
    // Headers are bytes: UTF-8, as Go writes them, one character for each byte.
    return Buffer.from(value, 'utf8').toString('latin1');
  };
  return {
    'Impersonate-User': encode('as', user),
    ...(uid === undefined ? {} : { 'Impersonate-Uid': encode('as-uid', uid) }),
    ...(groups.length === 0 ? {} : { 'Impersonate-Group': groups.map((group) => encode('as-groups', group)) }),
    ...Object.fromEntries(
      Object.entries(extra)
        .filter(([, values]) => values.length > 0)
        .map(([key, values]) => [
          `Impersonate-Extra-${escapeHeaderKey(key)}`,
          values.map((value) => encode('as-user-extra', value)),
        ]),
    ),
  };
}

function hasEntries(record: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(record).length > 0;
}

/** Escapes every byte that no header name may hold (RFC 9110 section 5.6.2, `token`), and `%` itself. */
function escapeHeaderKey(key: string): string {
  return [...Buffer.from(key, 'utf8')]
    .map((byte) => {
      const character = String.fromCodePoint(byte);
      const escaped = `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
      return /[!#$&'*+.^_`|~0-9A-Za-z-]/.test(character) ? character : escaped;
    })
    .join('');
}

/** The headers and the certificate that authenticate a user; PEM. */
export type UserCredentials = {
  readonly headers: Headers;
  readonly certificate?: { readonly cert: string; readonly key: string };
};

/** The context for reading credentials; `now` returns milliseconds since 1970. */
export type ReaderContext = {
  readonly env: Environment;
  /** The secrets that must not appear in the output of a plugin. */
  readonly secrets: readonly string[];
  readonly now: () => number;
};
