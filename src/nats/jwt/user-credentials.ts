import { isPublicKey, userOfSeed } from './nkey.ts';

/** The credentials of a user that authenticates with a JWT, as in a `.creds` file. */
export type UserCredentials = {
  readonly jwt: string;
  /** The nkey seed of the user. It is secret, because the seed and the JWT suffice to authenticate. */
  readonly seed: string;
  /** The public key of the account that the user is in. */
  readonly account: string;
  /** The time of expiry; if absent, the JWT never expires. */
  readonly expiresAt?: Date;
};

export type ReadCredentials =
  | { readonly kind: 'read'; readonly credentials: UserCredentials }
  /** A description of what was expected (`lacks`), without any part of the text. */
  | { readonly kind: 'unreadable'; readonly lacks: string };

/** The maximum length of the text. A JWT with long permissions has some kilobytes. */
const MOST_CHARACTERS = 64 * 1024;

const JWT_PART = /(?<!-)-{3,} ?BEGIN NATS USER JWT ?-{3,}\s+(\S+)\s+-{3,} ?END NATS USER JWT ?-{3,}/;
const SEED_PART = /(?<!-)-{3,} ?BEGIN USER NKEY SEED ?-{3,}\s+(\S+)\s+-{3,} ?END USER NKEY SEED ?-{3,}/;

/**
 * Reads the text of a `.creds` file (github.com/nats-io/jwt v2, `FormatUserConfig` of creds_utils.go; claims:
 * `UserClaims`). It does not check whether a server trusts the JWT, or whether the JWT has expired.
 */
export function readCredentials(text: string): ReadCredentials {
  const known = text.length > MOST_CHARACTERS ? '' : text;
  const [jwt, seed] = [JWT_PART, SEED_PART].map((part) => part.exec(known)?.[1]);
  if (jwt === undefined && seed === undefined)
    return lacking('a user JWT and its nkey seed, each between its BEGIN and its END line');
  if (jwt === undefined) return lacking('a user JWT between its BEGIN and its END line beside the nkey seed');
  if (seed === undefined) return lacking('the nkey seed of the user between its BEGIN and its END line beside the JWT');
  const claims = claimsOf(jwt);
  const user = userOfSeed(seed);
  if (claims === undefined) return lacking('a JWT of a user, signed by an account');
  if (user === undefined) return lacking('an nkey seed of a user (`SU…`), whole');
  if (user !== claims.user) return lacking('the nkey seed of the very user that the JWT names');
  const { account, expiresAt } = claims;
  return { kind: 'read', credentials: { jwt, seed, account, ...(expiresAt === undefined ? {} : { expiresAt }) } };
}

/** Formats the credentials as text that `readCredentials` and every NATS client can read. */
export function credentialsText({ jwt, seed }: Pick<UserCredentials, 'jwt' | 'seed'>): string {
  const part = (name: string, value: string) => `-----BEGIN ${name}-----\n${value}\n------END ${name}------\n`;
  return `${part('NATS USER JWT', jwt)}\n${part('USER NKEY SEED', seed)}`;
}

/** Finds JWTs and seeds, or texts that look like them, in a text that may not be credentials at all. */
export function credentialsIn(text: string): readonly string[] {
  return [
    ...(text.match(/(?<![\w-])eyJ[\w-]+\.[\w-]+\.[\w-]+/g) ?? []),
    ...(text.match(/\bS[A-Z][A-Z2-7]{40,}/g) ?? []),
  ];
}

type Claims = { readonly user: string; readonly account: string; readonly expiresAt: Date | undefined };

function claimsOf(jwt: string): Claims | undefined {
  const [header, body, signature, ...more] = jwt.split('.');
  const { alg } = recordIn(header);
  const { sub: user, iss: issuer, exp, nats } = recordIn(body);
  const { type, issuer_account: issuerAccount } = recordOf(nats);
  const account = issuerAccount === undefined || issuerAccount === '' ? issuer : issuerAccount;
  const isSigned = signature !== undefined && more.length === 0 && (alg === 'ed25519-nkey' || alg === 'ed25519');
  const isUser = (type === 'user' || type === undefined) && typeof user === 'string' && isPublicKey('user', user);
  const isIn = typeof account === 'string' && isPublicKey('account', account);
  const expiry = expiryOf(exp);
  if (!isSigned || !isUser || !isIn || expiry === 'unreadable') return undefined;
  return { user, account, expiresAt: expiry };
}

/** Converts seconds since 1970 (RFC 7519 §4.1.4) to a date; 0 counts as absent. */
function expiryOf(exp: unknown): Date | undefined | 'unreadable' {
  if (exp === undefined || exp === 0) return undefined;
  const date = new Date(typeof exp === 'number' ? exp * 1000 : Number.NaN);
  return Number.isNaN(date.getTime()) ? 'unreadable' : date;
}

function recordIn(part: string | undefined): Readonly<Record<string, unknown>> {
  try {
    return recordOf(JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8')));
  } catch {
    return {}; // The parser's own message would quote the text.
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function lacking(lacks: string): ReadCredentials {
  return { kind: 'unreadable', lacks };
}
