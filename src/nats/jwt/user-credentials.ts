import { createPrivateKey, createPublicKey } from 'node:crypto';
import { type JsonRecord, recordOf } from '../../objects/json.ts';

/** The first byte of a public nkey before base32, by its kind (github.com/nats-io/nkeys, `PrefixByte`). */
const PUBLIC_PREFIX = { user: 20 << 3, account: 0 } as const;
const SEED_PREFIX = 18 << 3;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The PKCS#8 encoding (RFC 8410 §7) up to the 32 bytes of an Ed25519 key. */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Checks whether the text has the form of a public key of this kind. */
function isPublicKey(kind: keyof typeof PUBLIC_PREFIX, text: string): boolean {
  return decodeKey(text, 33)?.[0] === PUBLIC_PREFIX[kind];
}

/** Returns the public key of the user that has this seed; undefined for an invalid seed. */
function derivePublicKey(seed: string): string | undefined {
  const bytes = decodeKey(seed, 34);
  const [first, second] = bytes ?? [];
  // The kind of the key is spread over both bytes: five bits in the first, three in the second.
  const isUser = first === (SEED_PREFIX | (PUBLIC_PREFIX.user >> 5)) && second === (PUBLIC_PREFIX.user & 31) << 3;
  if (bytes === undefined || !isUser) return undefined;
  const key = Buffer.concat([PKCS8_ED25519, bytes.subarray(2)]);
  const spki = createPublicKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
  const raw = spki.export({ format: 'der', type: 'spki' }).subarray(-32);
  return encodeKey(Buffer.concat([Buffer.from([PUBLIC_PREFIX.user]), raw]));
}

/**
 * Decodes the bytes before the checksum. Returns undefined for another length, or if the text is not the canonical
 * encoding of the bytes.
 */
function decodeKey(text: string, length: number): Buffer | undefined {
  if (!/^[A-Z2-7]{56,58}$/.test(text)) return undefined;
  const bits = Array.from(text, (letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const bytes = Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2)));
  const content = bytes.subarray(0, -2);
  return content.length === length && encodeKey(content) === text ? content : undefined;
}

function encodeKey(content: Buffer): string {
  const end = Buffer.alloc(2);
  end.writeUInt16LE(computeChecksum(content));
  const bits = [...content, ...end].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => ALPHABET[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
}

/** Computes CRC-16/XMODEM (nkeys `crc16.go`). */
function computeChecksum(bytes: Buffer): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ ((crc & 0x8000) === 0 ? 0 : 0x1021)) & 0xffff;
  }
  return crc;
}

/** The credentials of a user that authenticates with a JWT, as in a `.creds` file. */
export type UserCredentials = {
  readonly jwt: string;
  /** The nkey seed of the user. It is secret, because the seed and the JWT suffice to authenticate. */
  readonly seed: string;
  /** The public key of the account of the user. */
  readonly account: string;
  /** The time of expiry; if absent, the JWT never expires. */
  readonly expiresAt?: Date;
};

export type ReadCredentials =
  | { readonly kind: 'read'; readonly credentials: UserCredentials }
  /** A description of what was expected (`lacks`), without any part of the text. */
  | { readonly kind: 'unreadable'; readonly lacks: string };

/** The maximum length of the text. A JWT with long permissions has some kilobytes. */
const MAX_CHARACTERS = 64 * 1024;

const JWT_PART = /(?<!-)-{3,} ?BEGIN NATS USER JWT ?-{3,}\s+(\S+)\s+-{3,} ?END NATS USER JWT ?-{3,}/;
const SEED_PART = /(?<!-)-{3,} ?BEGIN USER NKEY SEED ?-{3,}\s+(\S+)\s+-{3,} ?END USER NKEY SEED ?-{3,}/;

/**
 * Reads the text of a `.creds` file (github.com/nats-io/jwt v2, `FormatUserConfig` of creds_utils.go; claims:
 * `UserClaims`). It does not check whether a server trusts the JWT, or whether the JWT has expired.
 */
export function readCredentials(text: string): ReadCredentials {
  const known = text.length > MAX_CHARACTERS ? '' : text;
  const [jwt, seed] = [JWT_PART, SEED_PART].map((part) => part.exec(known)?.[1]);
  if (jwt === undefined && seed === undefined)
    return reportLacking('a user JWT and its nkey seed, each between its BEGIN and its END line');
  if (jwt === undefined) return reportLacking('a user JWT between its BEGIN and its END line, next to the nkey seed');
  if (seed === undefined)
    return reportLacking('the nkey seed of the user between its BEGIN and its END line, next to the JWT');
  const claims = readClaims(jwt);
  const user = derivePublicKey(seed);
  if (claims === undefined) return reportLacking('a JWT of a user, signed by an account');
  if (user === undefined) return reportLacking('a complete nkey seed of a user (`SU…`)');
  if (user !== claims.user) return reportLacking('the nkey seed of the user that the JWT names');
  const { account, expiresAt } = claims;
  return { kind: 'read', credentials: { jwt, seed, account, ...(expiresAt === undefined ? {} : { expiresAt }) } };
}

/** Formats the credentials as text that `readCredentials` and every NATS client can read. */
export function formatCredentials({ jwt, seed }: Pick<UserCredentials, 'jwt' | 'seed'>): string {
  const part = (name: string, value: string) => `-----BEGIN ${name}-----\n${value}\n------END ${name}------\n`;
  return `${part('NATS USER JWT', jwt)}\n${part('USER NKEY SEED', seed)}`;
}

/** Finds JWTs and seeds, or texts that look like them, in a text that may not be credentials at all. */
export function findCredentials(text: string): readonly string[] {
  return [
    ...(text.match(/(?<![\w-])eyJ[\w-]+\.[\w-]+\.[\w-]+/g) ?? []),
    ...(text.match(/\bS[A-Z][A-Z2-7]{40,}/g) ?? []),
  ];
}

type Claims = { readonly user: string; readonly account: string; readonly expiresAt: Date | undefined };

function readClaims(jwt: string): Claims | undefined {
  const [header, body, signature, ...more] = jwt.split('.');
  const { alg } = decodeRecord(header);
  const { sub: user, iss: issuer, exp, nats } = decodeRecord(body);
  const { type, issuer_account: issuerAccount } = recordOf(nats);
  const account = issuerAccount === undefined || issuerAccount === '' ? issuer : issuerAccount;
  const isSigned = signature !== undefined && more.length === 0 && (alg === 'ed25519-nkey' || alg === 'ed25519');
  const isUser = (type === 'user' || type === undefined) && typeof user === 'string' && isPublicKey('user', user);
  const isIn = typeof account === 'string' && isPublicKey('account', account);
  const expiry = readExpiry(exp);
  if (!isSigned || !isUser || !isIn || expiry === 'unreadable') return undefined;
  return { user, account, expiresAt: expiry };
}

/** Converts seconds since 1970 (RFC 7519 §4.1.4) to a date; 0 counts as absent. */
function readExpiry(exp: unknown): Date | undefined | 'unreadable' {
  if (exp === undefined || exp === 0) return undefined;
  const date = new Date(typeof exp === 'number' ? exp * 1000 : Number.NaN);
  return Number.isNaN(date.getTime()) ? 'unreadable' : date;
}

function decodeRecord(part: string | undefined): JsonRecord {
  try {
    return recordOf(JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8')));
  } catch {
    return {}; // The parser's own message would quote the text.
  }
}

function reportLacking(lacks: string): ReadCredentials {
  return { kind: 'unreadable', lacks };
}
