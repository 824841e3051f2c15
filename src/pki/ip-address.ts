// Node's isIPv6 compiles a regular expression that takes longer than issuing several certificates, so this file has a
// parser of its own.
const BYTE = /^(0|[1-9]\d{0,2})$/;
const GROUP = /^[0-9a-fA-F]{1,4}$/;

function parseIpv4(text: string): readonly number[] | undefined {
  const parts = text.split('.');
  const bytes = parts.filter((part) => BYTE.test(part)).map(Number);
  return parts.length === 4 && bytes.length === 4 && bytes.every((byte) => byte < 256) ? bytes : undefined;
}

/** Parses `1:2:3` or, as the last part of an address, `1:2:3.4.5.6`; the empty text has no bytes. */
function parseGroups(text: string, isTail: boolean): readonly number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const bytes = parts.map((part, index) => {
    if (isTail && index === parts.length - 1 && part.includes('.')) return parseIpv4(part);
    const group = GROUP.test(part) ? Number.parseInt(part, 16) : undefined;
    return group === undefined ? undefined : [group >> 8, group & 0xff];
  });
  return bytes.includes(undefined) ? undefined : bytes.flatMap((pair) => pair ?? []);
}

/**
 * Converts an address to 4 or 16 bytes in network order, as in certificates (RFC 5280 §4.2.1.6); returns undefined for
 * any other text.
 */
export function encodeIpAddress(text: string): Buffer | undefined {
  if (text.length > 45) return undefined;
  const four = parseIpv4(text);
  if (four !== undefined) return Buffer.from(four);
  const [head = '', tail, ...more] = text.split('::');
  const before = parseGroups(head, tail === undefined);
  const after = parseGroups(tail ?? '', true);
  if (before === undefined || after === undefined || more.length > 0) return undefined;
  const zeros = 16 - before.length - after.length;
  if (tail === undefined ? zeros !== 0 : zeros < 2) return undefined;
  return Buffer.from([...before, ...Array.from({ length: zeros }, () => 0), ...after]);
}

/** Returns the canonical text form (RFC 5952) of 4 or 16 bytes; undefined for any other length. */
export function decodeIpAddress(bytes: Uint8Array): string | undefined {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) return undefined;
  const words = Array.from({ length: 8 }, (_, index) =>
    (((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0)).toString(16),
  );
  const runs = words.map((_, start) => {
    const end = words.findIndex((word, index) => index >= start && word !== '0');
    return { start, length: (end === -1 ? 8 : end) - start };
  });
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best));
  if (longest.length < 2) return words.join(':');
  return `${words.slice(0, longest.start).join(':')}::${words.slice(longest.start + longest.length).join(':')}`;
}

/** Returns the canonical text form of an address in any form; undefined for any other text. */
export function canonicalizeIpAddress(text: string): string | undefined {
  const bytes = encodeIpAddress(text);
  return bytes === undefined ? undefined : decodeIpAddress(bytes);
}

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const DNS_NAME = new RegExp(`^(?:\\*\\.)?${LABEL}(?:\\.${LABEL})*$`);

/**
 * Checks whether a certificate can contain the name, in lower case, as a dNSName (RFC 5280 section 4.2.1.6 with the
 * preferred syntax of RFC 1034 section 3.5, and a wildcard as the whole first label). A name of digits and dots alone
 * is refused, because it is a mistyped address.
 */
export function isDnsName(name: string): boolean {
  return (
    name.length <= 253 && DNS_NAME.test(name) && canonicalizeIpAddress(name) === undefined && !/^[\d.]+$/.test(name)
  );
}
