import { type Asn1, bitString, boolean, integer, oid, sequence } from '../../../../src/pki/der.ts';
import { EXTENSION } from '../../../../src/pki/extensions.ts';
import type { Draw } from '../../../chaos/random.ts';
import { basicConstraints, type Chain, changed, pick } from './chain.ts';
import { extension, name, withExtension, withoutExtension } from './draft.ts';

/** Changes a sound chain in one respect. */
export type Deviation = (draw: Draw, chain: Chain) => Chain;

export const anyOf = (draw: Draw, { drafts }: Chain): number => draw.whole(0, drafts.length - 1);
export const anyAuthority = (draw: Draw, { drafts }: Chain): number => draw.whole(1, drafts.length - 1);
const byte = (value: number): Asn1 => integer(Uint8Array.of(value));

const KEY_USAGE_BITS: readonly Asn1[] = [
  bitString(Uint8Array.of(0x80), 7), // digitalSignature
  bitString(Uint8Array.of(0x20), 5), // keyEncipherment
  bitString(Uint8Array.of(0x08), 3), // keyAgreement
  bitString(Uint8Array.of(0x04), 2), // keyCertSign
  bitString(Uint8Array.of(0x86), 1), // digitalSignature, keyCertSign, cRLSign
  bitString(Uint8Array.of(0x02), 1), // cRLSign
  bitString(Uint8Array.of(0x84, 0x80), 7),
  bitString(Uint8Array.of(), 0), // none
  bitString(Uint8Array.of(0x06), 2), // a padding bit is set
  bitString(Uint8Array.of(0x06), 9), // more unused bits than a byte has
];

const keyUsages: Deviation = (draw, chain) => {
  const value = pick(draw, KEY_USAGE_BITS);
  const entry = extension(EXTENSION.keyUsage, value, draw.chance(0.7) ? boolean(true) : undefined);
  return changed(chain, anyOf(draw, chain), (draft) =>
    draw.chance(0.15) ? withoutExtension(draft, EXTENSION.keyUsage) : withExtension(draft, entry),
  );
};

const PURPOSES = {
  server: '1.3.6.1.5.5.7.3.1',
  client: '1.3.6.1.5.5.7.3.2',
  code: '1.3.6.1.5.5.7.3.3',
  any: '2.5.29.37.0',
  gatedCrypto: '1.3.6.1.4.1.311.10.3.3',
  own: '1.2.3.4',
} as const;
const PURPOSE_LISTS: readonly (readonly (keyof typeof PURPOSES)[])[] = [
  ['server'],
  ['client'],
  ['server', 'client'],
  ['any'],
  ['any', 'code'],
  ['any', 'server', 'client'],
  ['code'],
  ['own'],
  ['own', 'server', 'client'],
  ['gatedCrypto'],
  [],
];

const extendedKeyUsages: Deviation = (draw, chain) => {
  const list = pick(draw, PURPOSE_LISTS).map((purpose) => oid(PURPOSES[purpose]));
  const entry = extension(EXTENSION.extendedKeyUsage, sequence(...list), draw.chance(0.3) ? boolean(true) : undefined);
  return changed(chain, anyOf(draw, chain), (draft) =>
    draw.chance(0.1) ? withoutExtension(draft, EXTENSION.extendedKeyUsage) : withExtension(draft, entry),
  );
};

const lengths = (draw: Draw): Asn1 =>
  pick(draw, [
    byte(0),
    byte(0),
    byte(1),
    byte(1),
    byte(2),
    integer(Uint8Array.of(0x7f, 0xff)),
    integer(Uint8Array.of(1, 0, 0, 0, 0)),
    { ...byte(0), value: '\xff' }, // -1
    { ...byte(0), value: '\x00\x01' }, // 1 in two bytes
  ]);

const pathLengths: Deviation = (draw, chain) =>
  changed(chain, anyAuthority(draw, chain), (draft) =>
    withExtension(draft, basicConstraints([boolean(true), lengths(draw)])),
  );

/** Inserts a CA with the name of its issuer, as when a key is replaced: Go counts it, RFC 5280 does not. */
const selfIssued: Deviation = (draw, chain) => {
  const { drafts } = chain;
  if (drafts.length < 3) return pathLengths(draw, chain);
  const index = draw.whole(1, drafts.length - 2);
  const subject = drafts[index + 1]?.subject ?? name('self');
  const limited = changed(chain, drafts.length - 1, (draft) =>
    withExtension(draft, basicConstraints([boolean(true), byte(draw.whole(0, 2))])),
  );
  return changed(limited, index, (draft) => ({ ...draft, subject }));
};

const basicConstraintsOf: Deviation = (draw, chain) => {
  const value = pick(draw, [
    basicConstraints([]),
    basicConstraints([boolean(false)]),
    basicConstraints([byte(0), boolean(true)]),
    basicConstraints([byte(1)]),
    basicConstraints([{ ...boolean(true), value: '\x01' }]),
    basicConstraints([boolean(true), byte(1), byte(2)]),
    extension(EXTENSION.basicConstraints, sequence(boolean(true))),
    extension(EXTENSION.basicConstraints, boolean(true), boolean(true)),
  ]);
  return changed(chain, draw.chance(0.2) ? 0 : anyAuthority(draw, chain), (draft) =>
    draw.chance(0.15) ? withoutExtension(draft, EXTENSION.basicConstraints) : withExtension(draft, value),
  );
};

/** Changes certificates to version 1 or 2; an old root may have such a version. */
const versions: Deviation = (draw, chain) =>
  changed(chain, draw.chance(0.6) ? chain.drafts.length - 1 : anyOf(draw, chain), (draft) => {
    const version = draw.oneOf<Asn1 | undefined>([undefined, undefined, { ...byte(1) }]);
    const bare = { ...draft, version: version && { ...(draft.version ?? version), value: [version] } };
    return draw.chance(0.8) ? { ...bare, extensions: [] } : bare;
  });

export const USE_DEVIATIONS = {
  'key usage': keyUsages,
  'extended key usage': extendedKeyUsages,
  'path length': pathLengths,
  'self-issued CA': selfIssued,
  'basic constraints': basicConstraintsOf,
  version: versions,
} as const satisfies Readonly<Record<string, Deviation>>;
