import { generateKeyPairSync, sign } from 'node:crypto';

const PREFIXES = { operator: 14 << 3, account: 0 } as const;

export type Nkey = { readonly publicKey: string; readonly sign: (data: string) => Buffer };

/** An Ed25519 key with the public name that NATS gives it: base32 of prefix, key and CRC-16. */
export function nkey(kind: keyof typeof PREFIXES): Nkey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const named = Buffer.concat([Buffer.from([PREFIXES[kind]]), raw]);
  const checksum = Buffer.alloc(2);
  checksum.writeUInt16LE(crc16(named));

  return {
    publicKey: base32(Buffer.concat([named, checksum])),
    sign: (data) => sign(null, Buffer.from(data), privateKey),
  };
}

/** A self-signed operator JWT (github.com/nats-io/jwt v2). */
export function operatorJwt(operator: Nkey, systemAccount: string): string {
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    jti: 'X',
    iat: 1,
    iss: operator.publicKey,
    name: 'O',
    sub: operator.publicKey,
    nats: { type: 'operator', version: 2, system_account: systemAccount },
  };
  const body = `${encoded({ typ: 'JWT', alg: 'ed25519-nkey' })}.${encoded(claims)}`;
  return `${body}.${operator.sign(body).toString('base64url')}`;
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
