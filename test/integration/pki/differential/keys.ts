import { constants, generateKeyPairSync, type KeyObject, sign as signWith } from 'node:crypto';
import { type Asn1, decodeDer, integer, nullValue, oid, sequence, tagged } from '../../../../src/pki/der.ts';

export type KeyPair = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };

const ec = (namedCurve: string): KeyPair => generateKeyPairSync('ec', { namedCurve });
const rsa = (modulusLength: number, publicExponent = 65_537): KeyPair =>
  generateKeyPairSync('rsa', { modulusLength, publicExponent });

/** Valid keys. They are made once, because the tests vary the chains and not the keys. */
export const SOUND_KEYS: readonly KeyPair[] = [
  ec('P-256'),
  ec('P-256'),
  ec('P-256'),
  ec('P-384'),
  ec('P-521'),
  rsa(2048),
  rsa(2048),
  generateKeyPairSync('ed25519'),
];

/** The keys that this action refuses; Go refuses some of them too. */
export const ODD_KEYS: readonly KeyPair[] = [
  ec('P-224'),
  ec('secp256k1'),
  rsa(1024),
  rsa(1000),
  rsa(2048, 3),
  generateKeyPairSync('ed448'),
  generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 }),
  generateKeyPairSync('rsa-pss', { modulusLength: 2048 }),
];

/** The stated signature algorithm of a certificate, and the actual one. */
export type Signing = { readonly identifier: Asn1; readonly sign: (der: Uint8Array, key: KeyObject) => Buffer };

const HASHES = {
  md5: { oid: '1.2.840.113549.2.5', length: 16, rsa: 4, ecdsa: undefined },
  sha1: { oid: '1.3.14.3.2.26', length: 20, rsa: 5, ecdsa: '1.2.840.10045.4.1' },
  sha224: { oid: '2.16.840.1.101.3.4.2.4', length: 28, rsa: 14, ecdsa: '1.2.840.10045.4.3.1' },
  sha256: { oid: '2.16.840.1.101.3.4.2.1', length: 32, rsa: 11, ecdsa: '1.2.840.10045.4.3.2' },
  sha384: { oid: '2.16.840.1.101.3.4.2.2', length: 48, rsa: 12, ecdsa: '1.2.840.10045.4.3.3' },
  sha512: { oid: '2.16.840.1.101.3.4.2.3', length: 64, rsa: 13, ecdsa: '1.2.840.10045.4.3.4' },
} as const;
export type Hash = keyof typeof HASHES;
export const HASH_NAMES: readonly Hash[] = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'];

/** Signs by PKCS #1 v1.5 for RSA, otherwise by the algorithm of the key. */
export function plainSigning(key: KeyObject, hash: Hash = 'sha256'): Signing {
  const type = key.asymmetricKeyType;
  const { rsa: suffix, ecdsa } = HASHES[hash];
  const by = (identifier: Asn1): Signing => ({ identifier, sign: (der, by) => signWith(hash, der, by) });
  if (type === 'rsa') return by(sequence(oid(`1.2.840.113549.1.1.${suffix}`), nullValue()));
  if (type === 'ec') return by(sequence(oid(ecdsa ?? '1.2.840.10045.4.3.2')));
  if (type === 'dsa') return by(sequence(oid('2.16.840.1.101.3.4.3.2')));
  if (type === 'rsa-pss') return pssSigning({ hash: 'sha256' });
  const bare = sequence(oid(type === 'ed448' ? '1.3.101.113' : '1.3.101.112'));
  return { identifier: bare, sign: (der, by) => signWith(null, der, by) };
}

type Pss = {
  readonly hash: Hash;
  readonly saltLength?: number;
  /** True if the hash has parameters: RFC 4055 §2.1 allows both. */
  readonly hasNull?: boolean;
  readonly trailer?: number;
  readonly parameters?: 'none' | 'null' | 'empty';
};

export function pssSigning({ hash, saltLength, hasNull = true, trailer, parameters }: Pss): Signing {
  const { oid: id, length } = HASHES[hash];
  const salt = saltLength ?? length;
  const hashId = hasNull ? sequence(oid(id), nullValue()) : sequence(oid(id));
  const stated = sequence(
    tagged(0, hashId),
    tagged(1, sequence(oid('1.2.840.113549.1.1.8'), hashId)),
    tagged(2, integer(Uint8Array.of(salt))),
    ...(trailer === undefined ? [] : [tagged(3, integer(Uint8Array.of(trailer)))]),
  );
  const odd = { none: [], null: [nullValue()], empty: [sequence()] };
  const all = parameters === undefined ? [stated] : odd[parameters];
  return {
    identifier: sequence(oid('1.2.840.113549.1.1.10'), ...all),
    sign: (der, key) => signWith(hash, der, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: salt }),
  };
}

/** Ed25519 with parameters, which RFC 8410 §3 forbids. */
export const ED25519_WITH_NULL: Signing = {
  identifier: sequence(oid('1.3.101.112'), nullValue()),
  sign: (der, key) => signWith(null, der, key),
};

/** Returns the SubjectPublicKeyInfo of a key. */
export function publicKeyInfo(key: KeyObject): Asn1 {
  return decodeDer(key.export({ type: 'spki', format: 'der' }));
}
