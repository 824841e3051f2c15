import { type ConfBlock, type ConfValue, isBlock, isList, resolveVariable } from '../reader/value.ts';
import { findField, readFields } from './fields.ts';

/** The credentials that a client authenticates with. */
export type ClientCredentials =
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
/** The maximum length of a password for bcrypt, in bytes. */
const HASHED_PASSWORD_BYTES = 72;

/**
 * Returns how long the CONNECT line of a client may be, in bytes. A server ends a connection whose line is longer than
 * its `max_control_line` (nats-server `overMaxControlLineLimit` in `server/parser.go`).
 */
export function measureConnectLine(shown: ClientCredentials): number {
  if ('jwt' in shown) return REST_BYTES + countJsonBytes(shown.jwt) + SIGNATURE_BYTES;
  if ('nkey' in shown) return REST_BYTES + countJsonBytes(shown.nkey) + SIGNATURE_BYTES;
  const { user, password = '' } = shown;
  const isHash = /^\$2[abxy]\$/.test(password);
  return REST_BYTES + countJsonBytes(user) + (isHash ? HASHED_PASSWORD_BYTES : countJsonBytes(password));
}

/** Returns the size of the text as JSON, escapes included, in bytes. */
function countJsonBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text), 'utf8');
}

type NamedUser = { readonly name: string; readonly shown: ClientCredentials };

/** Returns the users of a configuration, in `authorization` and in every account, with the credentials they use. */
export function listConfiguredUsers(configuration: ConfBlock): readonly NamedUser[] {
  const top = readFields('top', configuration);
  const accounts = readValue(top, 'accounts');
  const holders = [readValue(top, 'authorization'), ...(isBlock(accounts) ? Object.values(accounts.entries) : [])];
  return holders.flatMap((holder) => {
    const within = holder === undefined ? undefined : resolveVariable(holder);
    const users = isBlock(within) ? readValue(readFields('account', within), 'users') : undefined;
    return isList(users) ? users.items.flatMap(readUser) : [];
  });
}

function readUser(item: ConfValue): readonly NamedUser[] {
  const user = resolveVariable(item);
  if (!isBlock(user)) return [];
  const fields = readFields('user', user);
  const [name, password, nkey] = ['user', 'password', 'nkey'].map((key) => readValue(fields, key));
  if (typeof nkey === 'string') return [{ name: `user ${nkey}`, shown: { nkey } }];
  if (name === undefined || typeof name === 'object') return [];
  const secret = password === undefined || typeof password === 'object' ? undefined : String(password);
  return [{ name: `user ${String(name)}`, shown: { user: String(name), password: secret } }];
}

function readValue(fields: ReturnType<typeof readFields>, name: string): ConfValue | undefined {
  const value = findField(name, fields)?.value;
  return value === undefined ? undefined : resolveVariable(value);
}
