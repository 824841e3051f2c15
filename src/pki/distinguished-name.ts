import { type Asn1, bytesOf, isUniversal, oid, oidOf, partsOf, sequence, sequenceOf, set, TAG, utf8 } from './der.ts';

type DistinguishedName = { readonly text: string; readonly commonName: string | undefined };

const COMMON_NAME = '2.5.4.3';
/** RFC 4514 §3, and what certificates commonly hold beside it. */
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

/** Always UTF8String: Go refuses `_`, `@` and letters beyond ASCII in a PrintableString. An empty name has no parts. */
export function encodeName(commonName: string): Asn1 {
  return commonName === '' ? sequence() : sequence(set(sequence(oid(COMMON_NAME), utf8(commonName))));
}

function valueOf(node: Asn1 | undefined): string {
  if (isUniversal(node, TAG.utf8)) {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytesOf(node, 'name value'));
  }
  if (node === undefined || typeof node.value !== 'string') throw new Error('a name value is not a string');
  return node.value;
}

/** Special characters as RFC 4514 §2.4 wants them; control characters too, so that a name cannot forge log lines. */
function escaped(value: string): string {
  return value
    .replace(/[\\",+<>;=]/g, '\\$&')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
      [...Buffer.from(character)].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join(''),
    );
}

/** In the order of the certificate, for example `O=example,CN=nats-0`. Throws a plain Error on a malformed name. */
export function decodeName(node: Asn1 | undefined, what: string): DistinguishedName {
  const attributes = sequenceOf(node, what).flatMap((relative) => {
    if (!isUniversal(relative, TAG.set)) throw new Error(`${what} holds a part that is not a SET`);
    return partsOf(relative, what).map((attribute) => {
      const [type, value] = sequenceOf(attribute, what);
      return { type: oidOf(type, what), value: valueOf(value) };
    });
  });
  return {
    text: attributes.map(({ type, value }) => `${SHORT_NAMES.get(type) ?? type}=${escaped(value)}`).join(','),
    commonName: attributes.findLast(({ type }) => type === COMMON_NAME)?.value,
  };
}
