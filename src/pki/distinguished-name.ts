import {
  type Asn1,
  BMP_STRING,
  isUniversal,
  oid,
  readBytes,
  readOid,
  readParts,
  readSequence,
  sequence,
  set,
  TAG,
  utf8,
} from './der.ts';

type DistinguishedName = { readonly text: string; readonly commonName: string | undefined };

const COMMON_NAME = '2.5.4.3';
/** The short names of RFC 4514 §3, and others that are common in certificates. */
const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  [COMMON_NAME, 'CN'],
  ['2.5.4.6', 'C'],
  ['2.5.4.7', 'L'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
  ['0.9.2342.19200300.100.1.25', 'DC'],
  ['0.9.2342.19200300.100.1.1', 'UID'],
]);

/**
 * Builds a name, always with a UTF8String: Go refuses `_`, `@` and letters beyond ASCII in a PrintableString. An empty
 * name has no parts.
 */
export function encodeName(commonName: string): Asn1 {
  return commonName === '' ? sequence() : sequence(set(sequence(oid(COMMON_NAME), utf8(commonName))));
}

/**
 * The string types besides UTF8String that Go reads (crypto/x509 parseASN1String), each with the allowed characters.
 */
const STRING_TYPES: ReadonlyMap<number, RegExp> = new Map([
  [18, /^[0-9 ]*$/], // NumericString
  [19, /^[A-Za-z0-9'()*+,\-./ :=?&]*$/], // PrintableString, with * and & as Go allows
  [20, /^/], // TeletexString, read as Latin-1
  [22, /^\p{ASCII}*$/u], // IA5String
]);

/** Decodes UCS-2 without surrogates; throws a plain Error on anything else, as Go does. */
function decodeBmp(bytes: Buffer): string {
  const text = new TextDecoder('utf-16be', { fatal: true, ignoreBOM: true }).decode(bytes).replace(/\0$/, '');
  if (/[\u{10000}-\u{10ffff}\ufffe\uffff\ufdd0-\ufdef]/u.test(text)) throw new Error('a BMPString is malformed');
  return text;
}

function decodeValue(node: Asn1 | undefined): string {
  const bytes = readBytes(node, 'name value');
  if (isUniversal(node, TAG.utf8)) return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  if (isUniversal(node, BMP_STRING)) return decodeBmp(bytes);
  const text = bytes.toString('latin1');
  const alphabet = [...STRING_TYPES].find(([tag]) => isUniversal(node, tag))?.[1];
  if (alphabet?.test(text) !== true) throw new Error('a name holds a text that its string type does not allow');
  return text;
}

/**
 * Escapes special characters as RFC 4514 §2.4 requires, and control characters too, so that a name cannot forge log
 * lines.
 */
function escapeValue(value: string): string {
  return value
    .replace(/[\\",+<>;=]/g, '\\$&')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
      [...Buffer.from(character)].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join(''),
    );
}

/**
 * Decodes a name in the order of the certificate, for example `O=example,CN=nats-0`. Throws a plain Error on a
 * malformed name.
 */
export function decodeName(node: Asn1 | undefined, part: string): DistinguishedName {
  const attributes = readSequence(node, part).flatMap((relative) => {
    if (!isUniversal(relative, TAG.set)) throw new Error(`${part} holds a part that is not a SET`);
    return readParts(relative, part).map((attribute) => {
      const [type, value] = readSequence(attribute, part);
      return { type: readOid(type, part), value: decodeValue(value) };
    });
  });
  return {
    text: attributes.map(({ type, value }) => `${SHORT_NAMES.get(type) ?? type}=${escapeValue(value)}`).join(','),
    commonName: attributes.findLast(({ type }) => type === COMMON_NAME)?.value,
  };
}
