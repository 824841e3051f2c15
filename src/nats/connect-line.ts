/** The credentials that a client authenticates with. */
export type Shown =
  | { readonly user: string; readonly password: string | undefined }
  | { readonly nkey: string }
  | { readonly jwt: string };

/**
 * The size of all other fields of CONNECT, in bytes: verbose, pedantic, protocol, language, version, and a name of up
 * to 100 characters (docs.nats.io, "Client Protocol", CONNECT).
 */
const REST_BYTES = 320;
/** The size of an Ed25519 signature as base64url, with its key, in bytes. */
const SIGNATURE_BYTES = 96;
/** The longest password that bcrypt makes a hash of, in bytes. */
const HASHED_PASSWORD_BYTES = 72;

/**
 * Returns how long the CONNECT line of a client may be, in bytes. A server ends a connection whose line is longer than
 * its `max_control_line` (nats-server `overMaxControlLineLimit` in `server/parser.go`).
 */
export function connectLineBytes(shown: Shown): number {
  if ('jwt' in shown) return REST_BYTES + bytesOf(shown.jwt) + SIGNATURE_BYTES;
  if ('nkey' in shown) return REST_BYTES + bytesOf(shown.nkey) + SIGNATURE_BYTES;
  const { user, password = '' } = shown;
  const isHash = /^\$2[abxy]\$/.test(password);
  return REST_BYTES + bytesOf(user) + (isHash ? HASHED_PASSWORD_BYTES : bytesOf(password));
}

/** Returns the size of the text as JSON, escapes included, in bytes. */
function bytesOf(text: string): number {
  return Buffer.byteLength(JSON.stringify(text), 'utf8');
}
