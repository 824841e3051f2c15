import { generateKeyPairSync, sign } from 'node:crypto';

const PREFIXES = { operator: 14 << 3, account: 0, user: 20 << 3 } as const;
const SEED = 18 << 3;

export type Nkey = {
  readonly publicKey: string;
  readonly seed: string;
  readonly sign: (data: string) => Buffer;
};

/** Makes an Ed25519 key with the names that NATS gives it: base32 of prefix, key and CRC-16. */
export function nkey(kind: keyof typeof PREFIXES): Nkey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const secret = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32);
  const prefix = PREFIXES[kind];
  return {
    publicKey: named([prefix], raw),
    seed: named([SEED | (prefix >> 5), (prefix & 31) << 3], secret),
    sign: (data) => sign(null, Buffer.from(data), privateKey),
  };
}

/** Signs claims as a JWT of NATS by `issuer` (github.com/nats-io/jwt v2). */
export function jwtOf(issuer: Nkey, subject: string, nats: object, more: object = {}): string {
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { jti: 'X', iat: 1, iss: issuer.publicKey, name: 'N', sub: subject, nats, ...more };
  const body = `${encoded({ typ: 'JWT', alg: 'ed25519-nkey' })}.${encoded(claims)}`;
  return `${body}.${issuer.sign(body).toString('base64url')}`;
}

/** Signs a self-signed operator JWT. */
export function operatorJwt(operator: Nkey, systemAccount: string): string {
  return jwtOf(operator, operator.publicKey, { type: 'operator', version: 2, system_account: systemAccount });
}

function named(prefix: readonly number[], key: Buffer): string {
  const content = Buffer.concat([Buffer.from(prefix), key]);
  const checksum = Buffer.alloc(2);
  checksum.writeUInt16LE(crc16(content));
  return base32(Buffer.concat([content, checksum]));
}

function crc16(bytes: Buffer): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ ((crc & 0x8000) === 0 ? 0 : 0x1021)) & 0xffff;
  }
  return crc;
}

function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return (bits.match(/.{1,5}/g) ?? []).map((five) => letters[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
}
