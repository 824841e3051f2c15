import asn1, { type Asn1 } from 'node-forge/lib/asn1.js';

export type { Asn1 };

/** The tag numbers of X.680 §8.6 that certificates use. */
export const TAG = {
  boolean: 1,
  integer: 2,
  bitString: 3,
  octetString: 4,
  null: 5,
  oid: 6,
  utf8: 12,
  sequence: 16,
  set: 17,
  utcTime: 23,
  generalizedTime: 24,
} as const;

const UNIVERSAL = 0x00;
const CONTEXT = 0x80;

const primitive = (tag: number, bytes: string): Asn1 => asn1.create(UNIVERSAL, tag, false, bytes);
const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

export const sequence = (...items: readonly Asn1[]): Asn1 => asn1.create(UNIVERSAL, TAG.sequence, true, items);
export const set = (...items: readonly Asn1[]): Asn1 => asn1.create(UNIVERSAL, TAG.set, true, items);
export const oid = (dotted: string): Asn1 => primitive(TAG.oid, asn1.oidToDer(dotted).getBytes());
export const nullValue = (): Asn1 => primitive(TAG.null, '');
export const boolean = (value: boolean): Asn1 => primitive(TAG.boolean, value ? '\xff' : '\x00');
export const utf8 = (text: string): Asn1 => primitive(TAG.utf8, latin1(Buffer.from(text, 'utf8')));
export const octetString = (bytes: Uint8Array): Asn1 => primitive(TAG.octetString, latin1(bytes));
/** Builds a BIT STRING. `unusedBits` is the number of unused bits at the end of the last byte. */
export const bitString = (bytes: Uint8Array, unusedBits = 0): Asn1 =>
  primitive(TAG.bitString, String.fromCharCode(unusedBits) + latin1(bytes));
/** Builds a [tag] around other values: explicit tagging, or an implicitly tagged SEQUENCE. */
export const tagged = (tag: number, ...items: readonly Asn1[]): Asn1 => asn1.create(CONTEXT, tag, true, items);
/** Builds a [tag] IMPLICIT of a primitive type. */
export const taggedBytes = (tag: number, bytes: Uint8Array): Asn1 => asn1.create(CONTEXT, tag, false, latin1(bytes));

/** Builds a nonnegative INTEGER from big-endian bytes, in the fewest bytes DER allows (X.690 §8.3.2). */
export function integer(bytes: Uint8Array): Asn1 {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first === -1 ? Uint8Array.of(0) : bytes.subarray(first);
  const signed = (digits[0] ?? 0) > 0x7f ? Uint8Array.of(0, ...digits) : digits;
  return primitive(TAG.integer, latin1(signed));
}

/** Builds a time (RFC 5280 §4.1.2.5): UTCTime through the year 2049, GeneralizedTime from 2050; whole seconds, UTC. */
export function time(date: Date): Asn1 {
  const digits = `${date.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
  return date.getUTCFullYear() < 2050
    ? primitive(TAG.utcTime, digits.slice(2))
    : primitive(TAG.generalizedTime, digits);
}

export function encodeDer(node: Asn1): Buffer<ArrayBuffer> {
  return Buffer.from(asn1.toDer(node).getBytes(), 'latin1');
}

/** Decodes exactly one value in the one encoding that DER allows; throws a plain Error on anything else. */
export function decodeDer(der: Uint8Array): Asn1 {
  const options = { strict: true, parseAllBytes: true, decodeBitStrings: false };
  const node = asn1.fromDer(latin1(der), options);
  if (!encodeDer(node).equals(der)) throw new Error('not in distinguished encoding (DER)');
  return node;
}

export function isUniversal(node: Asn1 | undefined, tag: number): boolean {
  return node !== undefined && node.tagClass === UNIVERSAL && node.type === tag;
}

export function isTagged(node: Asn1 | undefined, tag: number): boolean {
  return node !== undefined && node.tagClass === CONTEXT && node.type === tag;
}

/** Returns the parts of a constructed value; throws a plain Error on a missing or primitive one. */
export function readParts(node: Asn1 | undefined, part: string): readonly Asn1[] {
  if (node === undefined || typeof node.value === 'string') throw new Error(`${part} is missing or not constructed`);
  return node.value;
}

/** The tag of a BMPString, a text in UCS-2. */
export const BMP_STRING = 30;

/** Returns the content of a primitive value; throws a plain Error on a missing or constructed one. */
export function readBytes(node: Asn1 | undefined, part: string): Buffer<ArrayBuffer> {
  if (node === undefined || typeof node.value !== 'string') throw new Error(`${part} is missing or not primitive`);
  // node-forge turns only this string type into text (`fromDer` in lib/asn1.js); the bytes are in network order.
  return isUniversal(node, BMP_STRING)
    ? Buffer.from(node.value, 'utf16le').swap16()
    : Buffer.from(node.value, 'latin1');
}

export function readSequence(node: Asn1 | undefined, part: string): readonly Asn1[] {
  if (!isUniversal(node, TAG.sequence)) throw new Error(`${part} is not a SEQUENCE`);
  return readParts(node, part);
}

/** Checks whether Go reads the identifier: numbers without leading zeros (X.690 §8.19.2), each below 2^31. */
function isReadableOid(bytes: Buffer): boolean {
  let number = 0;
  for (const [index, byte] of bytes.entries()) {
    const isFirst = index === 0 || (bytes[index - 1] ?? 0) < 0x80;
    if (isFirst && byte === 0x80) return false;
    number = (isFirst ? 0 : number * 128) + (byte & 0x7f);
    if (number > 0x7fffffff) return false;
  }
  return (bytes.at(-1) ?? 0x80) < 0x80;
}

/** Returns the dotted form; throws a plain Error on an identifier that Go's crypto/x509 cannot read. */
export function readOid(node: Asn1 | undefined, part: string): string {
  if (!isUniversal(node, TAG.oid)) throw new Error(`${part} is not an OBJECT IDENTIFIER`);
  const bytes = readBytes(node, part);
  if (!isReadableOid(bytes)) throw new Error(`${part} is a malformed OBJECT IDENTIFIER`);
  return asn1.derToOid(bytes.toString('latin1'));
}

/** Returns the truth value; throws a plain Error on anything but the two encodings of DER (X.690 §11.1). */
export function readBoolean(node: Asn1 | undefined, part: string): boolean {
  const hex = isUniversal(node, TAG.boolean) ? readBytes(node, part).toString('hex') : '';
  if (hex !== 'ff' && hex !== '00') throw new Error(`${part} is not a BOOLEAN`);
  return hex === 'ff';
}

/** Returns a nonnegative INTEGER below 2^31; throws a plain Error on any other. */
export function readSmallInteger(node: Asn1 | undefined, part: string): number {
  const bytes = isUniversal(node, TAG.integer) ? readBytes(node, part) : Buffer.alloc(0);
  if (bytes.length < 1 || bytes.length > 4 || bytes.readInt8(0) < 0) throw new Error(`${part} is out of range`);
  return bytes.readUIntBE(0, bytes.length);
}

/** Returns the bytes of a BIT STRING that ends on a byte boundary. */
export function readBitString(node: Asn1 | undefined, part: string): Buffer<ArrayBuffer> {
  if (!isUniversal(node, TAG.bitString)) throw new Error(`${part} is not a BIT STRING`);
  const content = readBytes(node, part);
  if (content[0] !== 0) throw new Error(`${part} does not end on a byte boundary`);
  return content.subarray(1);
}
