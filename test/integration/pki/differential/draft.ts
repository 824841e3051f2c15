import { computeKeyId } from '../../../../src/pki/ca.ts';
import {
  type Asn1,
  bitString,
  encodeDer,
  integer,
  octetString,
  oid,
  readBytes,
  readSequence,
  sequence,
  set,
  tagged,
  taggedBytes,
  time,
  utf8,
} from '../../../../src/pki/der.ts';
import { type KeyPair, plainSigning, publicKeyInfo, type Signing } from './keys.ts';

/** One certificate before it is encoded. Each part can be invalid independently. */
export type Draft = {
  readonly subject: Asn1;
  /** The issuer in the certificate; by default the subject of its issuer. */
  readonly issuer?: Asn1;
  readonly key: KeyPair;
  readonly keyInfo?: Asn1;
  readonly version: Asn1 | undefined;
  readonly serial: Asn1;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly extensions: readonly Asn1[];
  /** Additional parts between the key and the extensions, and after them. */
  readonly before?: readonly Asn1[];
  readonly after?: readonly Asn1[];
  /** The algorithm of the signature; by default that of the issuer's key. */
  readonly signing?: Signing;
  /** Changes the signed part right before it is signed. */
  readonly damage?: (tbs: Buffer) => Buffer;
  /** Changes the whole certificate. */
  readonly finish?: (der: Buffer) => Buffer;
};

export const name = (text: string, value: Asn1 = utf8(text)): Asn1 => sequence(set(sequence(oid('2.5.4.3'), value)));
export const extension = (id: string, value: Asn1, critical?: Asn1): Asn1 =>
  sequence(oid(id), ...(critical === undefined ? [] : [critical]), octetString(encodeDer(value)));
export const latin1 = (tag: number, text: string): Asn1 => taggedBytes(tag, Buffer.from(text, 'latin1'));

const SKI = '2.5.29.14';
const AKI = '2.5.29.35';

/** Returns the identifier as encoded, because some are malformed on purpose. */
const idOf = (entry: Asn1): string => readBytes(readSequence(entry, 'extension')[0], 'extension').toString('hex');

/** Replaces the extension with the same identifier, or adds the extension at the end. */
export function withExtension(draft: Draft, entry: Asn1): Draft {
  return { ...draft, extensions: [...draft.extensions.filter((each) => idOf(each) !== idOf(entry)), entry] };
}

export function withoutExtension(draft: Draft, id: string): Draft {
  return {
    ...draft,
    extensions: draft.extensions.filter((each) => idOf(each) !== readBytes(oid(id), id).toString('hex')),
  };
}

/** Encodes and signs a draft. */
export function encodeDraft(draft: Draft, issuer: Draft): Buffer {
  const signing = draft.signing ?? plainSigning(issuer.key.privateKey);
  const tbs = encodeDer(
    sequence(
      ...(draft.version === undefined ? [] : [draft.version]),
      draft.serial,
      signing.identifier,
      draft.issuer ?? issuer.subject,
      sequence(time(draft.notBefore), time(draft.notAfter)),
      draft.subject,
      draft.keyInfo ?? publicKeyInfo(draft.key.publicKey),
      ...(draft.before ?? []),
      ...(draft.extensions.length === 0 ? [] : [tagged(3, sequence(...draft.extensions))]),
      ...(draft.after ?? []),
    ),
  );
  const signed = draft.damage?.(tbs) ?? tbs;
  const signature = signOrGarble(signing, signed, issuer.key);
  const rest = Buffer.concat([signing.identifier, bitString(signature)].map(encodeDer));
  const der = wrapSequence(Buffer.concat([signed, rest]));
  return draft.finish?.(der) ?? der;
}

/** Signs, or returns an invalid signature if the key cannot sign in the stated way. */
function signOrGarble({ sign }: Signing, signed: Buffer, { privateKey }: KeyPair): Buffer {
  try {
    return sign(signed, privateKey);
  } catch (error) {
    if (Error.isError(error) && 'code' in error) return Buffer.alloc(64, 1);
    throw error;
  }
}

function wrapSequence(content: Buffer): Buffer {
  const { length } = content;
  const header = length < 256 ? [0x30, 0x81, length] : [0x30, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(length < 128 ? [0x30, length] : header), content]);
}

export const VERSION_3 = tagged(0, integer(Uint8Array.of(2)));

export function keyIdentifiers(subject: KeyPair, issuer: KeyPair): readonly Asn1[] {
  const of = (key: KeyPair): Buffer => computeKeyId(publicKeyInfo(key.publicKey));
  return [extension(SKI, octetString(of(subject))), extension(AKI, sequence(taggedBytes(0, of(issuer))))];
}
