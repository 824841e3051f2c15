import { type Asn1, bitString, encodeDer, integer, nullValue, oid, sequence } from '../../../../src/pki/der.ts';
import type { Draw } from '../../../chaos/random.ts';
import { type Chain, changed, DAY_MS, HOUR_MS, pick } from './chain.ts';
import { ED25519_WITH_NULL, HASH_NAMES, ODD_KEYS, plainSigning, pssSigning, type Signing, SOUND_KEYS } from './keys.ts';
import { anyOf, type Deviation } from './use-deviations.ts';

const pss = (draw: Draw): Signing =>
  pssSigning({
    hash: pick(draw, HASH_NAMES),
    ...(draw.chance(0.3) ? { saltLength: draw.oneOf([0, 20, 32, 48, 64, 127]) } : {}),
    hasNull: draw.chance(0.5),
    ...(draw.chance(0.2) ? { trailer: draw.whole(1, 2) } : {}),
    ...(draw.chance(0.15) ? { parameters: draw.oneOf(['none', 'null', 'empty'] as const) } : {}),
  });

/** Changes the signature of one certificate. In half of the cases this is the root, whose signature is not checked. */
const signatures: Deviation = (draw, chain) => {
  const index = draw.chance(0.3) ? chain.drafts.length - 1 : anyOf(draw, chain);
  const issuer = Math.min(index + 1, chain.drafts.length - 1);
  const [rsa] = SOUND_KEYS.filter(({ publicKey }) => publicKey.asymmetricKeyType === 'rsa' && draw.chance(0.5));
  const isFree = rsa !== undefined && chain.drafts.every(({ key }) => key !== rsa);
  const keyed = isFree
    ? changed(chain, issuer, (draft) => ({ ...draft, key: rsa, extensions: bare(draft.extensions) }))
    : chain;
  const freed = changed(keyed, index, (draft) => ({ ...draft, extensions: bare(draft.extensions) }));
  const key = freed.drafts[issuer]?.key.privateKey;
  return key === undefined ? chain : changed(freed, index, (draft) => ({ ...draft, signing: signingFor(draw, key) }));
};

function signingFor(draw: Draw, key: Parameters<typeof plainSigning>[0]): Signing {
  if (key.asymmetricKeyType === 'rsa' && draw.chance(0.6)) return pss(draw);
  if (key.asymmetricKeyType === 'ed25519') return ED25519_WITH_NULL;
  return plainSigning(
    key,
    pick(
      draw,
      HASH_NAMES.filter((hash) => hash !== 'md5' || key.asymmetricKeyType === 'rsa'),
    ),
  );
}

/** Removes the key identifiers, because they belong to the previous key. */
const bare = (extensions: Chain['drafts'][0]['extensions']) =>
  extensions.filter(({ value }) => typeof value === 'string' || !IDENTIFIERS.includes(idText(value[0])));
const IDENTIFIERS: readonly string[] = ['\x55\x1d\x0e', '\x55\x1d\x23'];
const idText = (node: Asn1 | undefined): string => (typeof node?.value === 'string' ? node.value : '');

const keys: Deviation = (draw, chain) => {
  const key = pick(draw, ODD_KEYS);
  const index = anyOf(draw, chain);
  const plain = chain.drafts.reduce<Chain>(
    (before, _, at) => changed(before, at, (draft) => ({ ...draft, extensions: bare(draft.extensions) })),
    chain,
  );
  return changed(plain, index, (draft) => ({ ...draft, key }));
};

/** Encodes a key in a form that OpenSSL may write and that Go does not accept. */
const keyEncodings: Deviation = (draw, chain) =>
  changed(chain, anyOf(draw, chain), (draft) => {
    if (!SOUND_KEYS.includes(draft.key)) return draft;
    const { x = '', y = '', n = '', e = '', crv } = draft.key.publicKey.export({ format: 'jwk' });
    const bytes = (text: string): Buffer => Buffer.from(text, 'base64url');
    const curves = { 'P-256': '1.2.840.10045.3.1.7', 'P-384': '1.3.132.0.34', 'P-521': '1.3.132.0.35' };
    const curve = Object.entries(curves).find(([known]) => known === crv)?.[1];
    const compressed = Buffer.concat([Buffer.of(2 + ((bytes(y).at(-1) ?? 0) & 1)), bytes(x)]);
    const rsaKey = sequence(integer(bytes(n)), integer(bytes(e)));
    const RSA = '1.2.840.113549.1.1.1';
    const keyInfo =
      curve !== undefined
        ? sequence(sequence(oid('1.2.840.10045.2.1'), oid(curve)), bitString(compressed))
        : n !== ''
          ? sequence(sequence(oid(RSA)), bitString(encodeDer(rsaKey)))
          : sequence(sequence(oid('1.3.101.112'), nullValue()), bitString(bytes(x)));
    return { ...draft, keyInfo };
  });

const dates: Deviation = (draw, chain) => {
  const { now } = chain;
  const windows: readonly (readonly [number, number])[] = [
    [-10 * DAY_MS, -DAY_MS],
    [-10 * DAY_MS, -1000],
    [1000, DAY_MS],
    [DAY_MS, 10 * DAY_MS],
    [0, DAY_MS],
    [-DAY_MS, 0],
    [DAY_MS, -DAY_MS],
    [-80 * 365 * DAY_MS, DAY_MS],
    [-DAY_MS, 40 * 365 * DAY_MS],
    [-HOUR_MS, HOUR_MS],
  ];
  const [from, to] = pick(draw, windows);
  const [notBefore, notAfter] = [new Date(now.getTime() + from), new Date(now.getTime() + to)];
  const index = anyOf(draw, chain);
  return changed(chain, index, (draft) => ({ ...draft, notBefore, notAfter }));
};

export const KEY_DEVIATIONS = {
  signature: signatures,
  key: keys,
  'key encoding': keyEncodings,
  dates,
} as const satisfies Readonly<Record<string, Deviation>>;
