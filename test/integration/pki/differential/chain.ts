import { type Asn1, boolean, integer, sequence, tagged, taggedBytes } from '../../../../src/pki/der.ts';
import {
  EXTENSION,
  type ExtendedKeyUsage,
  encodeExtendedKeyUsage,
  encodeKeyUsage,
} from '../../../../src/pki/extensions.ts';
import { encodeCertificatePem } from '../../../../src/pki/pem.ts';
import { encodePrivateKey } from '../../../../src/pki/private-key.ts';
import type { Draw } from '../../../chaos/random.ts';
import { type Draft, encodeDraft, extension, keyIdentifiers, latin1, name, VERSION_3 } from './draft.ts';
import { type KeyPair, SOUND_KEYS } from './keys.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** A leaf certificate, the CAs above it and their root, each signed by the next one, and their use. */
export type Chain = {
  readonly drafts: readonly [Draft, ...Draft[]];
  /** Further certificates: of other issuers, or with the name and key of a certificate in the chain. */
  readonly others: readonly { readonly draft: Draft; readonly issuer: Draft }[];
  /** The positions of the certificates in `tls.crt` and `ca.crt` among the chain and the others, in order. */
  readonly presented: readonly number[];
  readonly trusted: readonly number[];
  readonly usages: readonly ExtendedKeyUsage[];
  /** The DNS names of the leaf certificate, which its peers dial. */
  readonly names: readonly string[];
  readonly now: Date;
};

/** A chain as a Secret holds it. */
export type Case = {
  readonly kind: string;
  readonly chain: string;
  readonly trusted: string;
  readonly privateKey: string;
  readonly names: readonly string[];
  readonly usages: readonly ExtendedKeyUsage[];
  readonly now: Date;
};

export const dns = (text: string): Asn1 => latin1(2, text);
export const altNames = (names: readonly Asn1[], critical?: Asn1): Asn1 =>
  extension(EXTENSION.subjectAltName, sequence(...names), critical);
export const basicConstraints = (parts: readonly Asn1[]): Asn1 =>
  extension(EXTENSION.basicConstraints, sequence(...parts), boolean(true));

const bodyOf = (draw: Draw, key: KeyPair, now: Date) =>
  ({
    key,
    version: VERSION_3,
    serial: integer(Uint8Array.of(1, draw.whole(0, 255), draw.whole(0, 255))),
    notBefore: new Date(now.getTime() - DAY_MS),
    notAfter: new Date(now.getTime() + 30 * DAY_MS),
  }) as const;

function pick<Item>(draw: Draw, items: readonly Item[]): Item {
  const item = items[draw.whole(0, items.length - 1)];
  if (item === undefined) throw new Error('nothing to draw from');
  return item;
}

export { pick };

/** Returns a valid chain with zero to three CAs between the leaf certificate and the root. */
export function soundChain(draw: Draw, { names, now }: Pick<Chain, 'names' | 'now'>): Chain {
  const depth = draw.whole(0, 3);
  const keys = Array.from({ length: depth + 2 }, () => pick(draw, SOUND_KEYS));
  const distinct = keys.map((key, index) => (keys.indexOf(key) === index ? key : undefined));
  const unused = SOUND_KEYS.filter((key) => !keys.includes(key));
  const used = distinct.map((key) => key ?? unused.shift() ?? SOUND_KEYS[0]);
  const drafts = used.map((key, index): Draft => {
    if (key === undefined) throw new Error('no key is left');
    const issuerKey = used[Math.min(index + 1, used.length - 1)] ?? key;
    const role =
      index === 0 ? leafExtensions(names) : authorityExtensions(index === used.length - 1 && draw.chance(0.5));
    const subject = name(index === 0 ? 'nats' : `ca ${index} of ${draw.whole(0, 9999)}`);
    const identifiers = draw.chance(0.7) ? keyIdentifiers(key, issuerKey) : [];
    return { ...bodyOf(draw, key, now), subject, extensions: [...role, ...identifiers] };
  });
  const [leaf, ...rest] = drafts;
  if (leaf === undefined) throw new Error('no leaf');
  const presented = drafts.slice(0, -1).map((_, index) => index);
  const usages = draw.oneOf<readonly ExtendedKeyUsage[]>([['serverAuth'], ['serverAuth', 'clientAuth']]);
  return { drafts: [leaf, ...rest], others: [], presented, trusted: [drafts.length - 1], usages, names, now };
}

const leafExtensions = (names: readonly string[]): readonly Asn1[] => [
  encodeKeyUsage(['digitalSignature']),
  encodeExtendedKeyUsage(['serverAuth', 'clientAuth']),
  altNames(names.map(dns)),
];

const authorityExtensions = (hasPathLength: boolean): readonly Asn1[] => [
  basicConstraints([boolean(true), ...(hasPathLength ? [integer(Uint8Array.of(3))] : [])]),
  encodeKeyUsage(['keyCertSign', 'cRLSign']),
];

/** Changes one draft of a chain. */
export function changed(chain: Chain, index: number, change: (draft: Draft) => Draft): Chain {
  const [leaf, ...rest] = chain.drafts.map((draft, at) => (at === index ? change(draft) : draft));
  if (leaf === undefined) throw new Error('no leaf');
  return { ...chain, drafts: [leaf, ...rest] };
}

/** Adds a certificate to the others of the chain. Returns its number. */
export function withOther(
  chain: Chain,
  draft: Draft,
  issuer: Draft,
): { readonly chain: Chain; readonly number: number } {
  const number = chain.drafts.length + chain.others.length;
  return { number, chain: { ...chain, others: [...chain.others, { draft, issuer }] } };
}

export function encodeChain(kind: string, { drafts, others, presented, trusted, usages, names, now }: Chain): Case {
  const own = drafts.map((draft, index) => encodeDraft(draft, drafts[Math.min(index + 1, drafts.length - 1)] ?? draft));
  const all = [...own, ...others.map(({ draft, issuer }) => encodeDraft(draft, issuer))];
  const pem = (numbers: readonly number[]): string =>
    numbers.map((number) => encodeCertificatePem(all[number] ?? Buffer.alloc(0))).join('');
  const { key } = drafts[0];
  return {
    kind,
    chain: pem(presented),
    trusted: pem(trusted),
    privateKey: encodePrivateKey(key.privateKey),
    names,
    usages,
    now,
  };
}

export const distance = (tag: number, value: number): Asn1 => taggedBytes(tag, Uint8Array.of(value));
export const subtree = (base: Asn1, ...distances: readonly Asn1[]): Asn1 => sequence(base, ...distances);
export const constraints = (permitted: readonly Asn1[], excluded: readonly Asn1[], critical: Asn1 | undefined): Asn1 =>
  extension(
    EXTENSION.nameConstraints,
    sequence(
      ...(permitted.length === 0 ? [] : [tagged(0, ...permitted)]),
      ...(excluded.length === 0 ? [] : [tagged(1, ...excluded)]),
    ),
    critical,
  );
