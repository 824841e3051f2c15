import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { computeKeyId, encodePublicKeyInfo, parseCa } from '../../../src/pki/ca.ts';
import { parseCertificate } from '../../../src/pki/certificate.ts';
import { isIssuedBy } from '../../../src/pki/chain.ts';
import { type Asn1, integer, sequence, time } from '../../../src/pki/der.ts';
import { encodeName } from '../../../src/pki/distinguished-name.ts';
import { encodeBasicConstraints, encodeKeyUsage, encodeSubjectKeyId } from '../../../src/pki/extensions.ts';
import { encodeCertificatePem } from '../../../src/pki/pem.ts';
import { encodePrivateKey } from '../../../src/pki/private-key.ts';
import { signCertificate } from '../../../src/pki/signed-certificate.ts';
import { signatureAlgorithmOf, signFields } from '../support/crafted-certificate.ts';
import { crossTerms, type IssuedAuthority, type IssuedLeaf, makeAuthority, makeLeaf } from '../support/issuance.ts';
import { refusedField } from '../support/refusal.ts';

let root: IssuedAuthority;
let issued: IssuedLeaf;
beforeAll(async () => {
  root = await makeAuthority();
  issued = await makeLeaf(root.authority);
});

describe('a CA with its key', () => {
  test('is refused by the key field if the key belongs to another CA', async () => {
    const other = await makeAuthority();
    const fields = await refusedField(() => parseCa(root.certificatePem, other.privateKeyPem));
    expect(fields).toBe('ca-private-key');
  });

  test('is refused by the certificate field if the certificate is not a CA', async () => {
    const field = await refusedField(() => parseCa(issued.certificatePem, issued.privateKeyPem));
    expect(field).toBe('ca-certificate');
  });

  test('is refused by the certificate field if its bundle is out of order', async () => {
    const other = await makeAuthority();
    const bundle = root.certificatePem + other.certificatePem;
    expect(await refusedField(() => parseCa(bundle, root.privateKeyPem))).toBe('ca-certificate');
  });
});

const [above, below] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
const CA = encodeBasicConstraints({ pathLength: 1 });
const SIGNS = encodeKeyUsage(['keyCertSign']);

/** Issues a certificate named `root` or `below`, with these extensions, signed by the key of `root`. */
function issue(name: 'root' | 'below', publicKey: KeyObject, extensions: readonly Asn1[]): string {
  const body = {
    ...crossTerms(),
    subject: encodeName(name),
    publicKeyInfo: encodePublicKeyInfo(publicKey),
    extensions,
  };
  return signCertificate(body, { name: encodeName('root'), privateKey: above.privateKey });
}

/** Issues a self-signed certificate of version 1, which has no extensions. */
function issueOldRoot({
  publicKey,
  privateKey,
}: {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}): string {
  const { notBefore, notAfter } = crossTerms();
  const name = encodeName('root');
  const validity = sequence(time(notBefore), time(notAfter));
  const fields = [signatureAlgorithmOf(privateKey), name, validity, name, encodePublicKeyInfo(publicKey)];
  return signFields([integer(Uint8Array.of(1)), ...fields], privateKey);
}

describe('a CA and the CAs above it', () => {
  const belowKey = encodePrivateKey(below.privateKey);
  const signing = issue('below', below.publicKey, [CA, SIGNS]);

  test.each([
    ['alone', signing, 0],
    ['without a key usage', issue('below', below.publicKey, [CA]), 0],
    ['below a root of version 3', signing + issue('root', above.publicKey, [CA, SIGNS]), 1],
    ['below a root of version 1, which cannot say that it is a CA', signing + issueOldRoot(above), 1],
  ])('are accepted: %s', (_, bundle, casAbove) => {
    const { certificate, chain } = parseCa(bundle, belowKey);
    expect(certificate.subject).toBe('CN=below');
    expect(chain.length).toBe(casAbove);
  });

  test.each([
    ['if the CA is of version 1', issueOldRoot(above), encodePrivateKey(above.privateKey)],
    [
      'if the CA must not sign certificates',
      issue('below', below.publicKey, [CA, encodeKeyUsage(['cRLSign'])]),
      belowKey,
    ],
    ['if the CA does not say that it is one', issue('below', below.publicKey, [SIGNS]), belowKey],
    ['if the root does not say that it is a CA', signing + issue('root', above.publicKey, [SIGNS]), belowKey],
    [
      'if the root must not sign certificates',
      signing + issue('root', above.publicKey, [CA, encodeKeyUsage(['cRLSign'])]),
      belowKey,
    ],
    ['if the root has another key', signing + issue('root', below.publicKey, [CA, SIGNS]), belowKey],
    ['in the wrong order', issue('root', above.publicKey, [CA, SIGNS]) + signing, encodePrivateKey(above.privateKey)],
  ])('are refused %s', async (_, bundle, key) => {
    expect(await refusedField(() => parseCa(bundle, key))).toBe('ca-certificate');
  });
});

describe('the key identifier of a CA', () => {
  test('is the one of its certificate', () => {
    const stated = issue('below', below.publicKey, [CA, SIGNS, encodeSubjectKeyId(Buffer.of(1, 2, 3))]);
    expect(parseCa(stated, encodePrivateKey(below.privateKey)).keyId).toEqual(Buffer.of(1, 2, 3));
  });

  test('is computed from its key if its certificate has none', () => {
    const silent = issue('below', below.publicKey, [CA, SIGNS]);
    const keyId = computeKeyId(encodePublicKeyInfo(below.publicKey));
    expect(parseCa(silent, encodePrivateKey(below.privateKey)).keyId).toEqual(keyId);
  });
});

test('a certificate is not issued by a CA if the algorithm of its signature is unknown', () => {
  const ca = parseCertificate(issue('root', above.publicKey, [CA, SIGNS]), 'ca');
  const leaf = parseCertificate(issue('below', below.publicKey, []), 'leaf');
  expect(isIssuedBy(leaf, ca)).toBe(true);
  const hex = Buffer.from(leaf.pem.split('\n').slice(1, -2).join(''), 'base64').toString('hex');
  const unknown = hex.replaceAll('300506032b6570', '300506032b657f');
  expect(isIssuedBy({ ...leaf, pem: encodeCertificatePem(Buffer.from(unknown, 'hex')) }, ca)).toBe(false);
});
