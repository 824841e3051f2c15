import { createPrivateKey, createPublicKey } from 'node:crypto';

/** The first byte of a public nkey before base32, by its kind (github.com/nats-io/nkeys, `PrefixByte`). */
const PUBLIC_PREFIX = { user: 20 << 3, account: 0 } as const;
const SEED_PREFIX = 18 << 3;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The PKCS#8 encoding (RFC 8410 §7) up to the 32 bytes of an Ed25519 key. */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Checks whether the text has the form of a public key of this kind. */
export function isPublicKey(kind: keyof typeof PUBLIC_PREFIX, text: string): boolean {
  return decoded(text, 33)?.[0] === PUBLIC_PREFIX[kind];
}

/** Returns the public key of the user that has this seed; undefined for an invalid seed. */
export function userOfSeed(seed: string): string | undefined {
  const bytes = decoded(seed, 34);
  const [first, second] = bytes ?? [];
  // The kind of the key is spread over both bytes: five bits in the first, three in the second.
  const isUser = first === (SEED_PREFIX | (PUBLIC_PREFIX.user >> 5)) && second === (PUBLIC_PREFIX.user & 31) << 3;
  if (bytes === undefined || !isUser) return undefined;
  const key = Buffer.concat([PKCS8_ED25519, bytes.subarray(2)]);
  const spki = createPublicKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
  const raw = spki.export({ format: 'der', type: 'spki' }).subarray(-32);
  return encoded(Buffer.concat([Buffer.from([PUBLIC_PREFIX.user]), raw]));
}

/**
 * Decodes the bytes before the checksum. Returns undefined for another length, or if the text is not their only valid
 * encoding.
 */
function decoded(text: string, length: number): Buffer | undefined {
  if (!/^[A-Z2-7]{56,58}$/.test(text)) return undefined;
  const bits = Array.from(text, (letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const bytes = Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2)));
  const content = bytes.subarray(0, -2);
  return content.length === length && encoded(content) === text ? content : undefined;
}

function encoded(content: Buffer): string {
  const end = Buffer.alloc(2);
  end.writeUInt16LE(checksum(content));
  const bits = [...content, ...end].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => ALPHABET[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
}

/** Computes CRC-16/XMODEM (nkeys `crc16.go`). */
function checksum(bytes: Buffer): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ ((crc & 0x8000) === 0 ? 0 : 0x1021)) & 0xffff;
  }
  return crc;
}
