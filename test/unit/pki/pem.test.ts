import { beforeAll, describe, expect, test } from '@jest/globals';
import { parsePem } from '../../../src/pki/pem.ts';
import { type IssuedLeaf, makeAuthority, makeLeaf } from '../support/issuance.ts';
import { refusedField } from '../support/refusal.ts';

let issued: IssuedLeaf;
beforeAll(async () => {
  issued = await makeLeaf((await makeAuthority()).authority);
});

test('a PEM bundle keeps its order', () => {
  const labels = parsePem(issued.certificatePem + issued.privateKeyPem, 'bundle').map(({ label }) => label);
  expect(labels).toEqual(['CERTIFICATE', 'PRIVATE KEY']);
});

const MAX_CHARACTERS = 1_048_576;
const block = (body: string, end = 'X'): string => `-----BEGIN X-----\n${body}\n-----END ${end}-----\n`;

describe('a PEM text is read', () => {
  test.each([
    ['with two bytes', block('AAE='), Buffer.of(0, 1)],
    ['with a body of several lines', block('AA\nEC'), Buffer.of(0, 1, 2)],
    ['with a body that is indented', block('  AAEC\t'), Buffer.of(0, 1, 2)],
    ['with 1 MiB of explanation', block('AAEC').padEnd(MAX_CHARACTERS, ' '), Buffer.of(0, 1, 2)],
  ])('%s', (_, text, der) => {
    expect(parsePem(text, 'bundle')).toEqual([{ label: 'X', der }]);
  });
});

describe('a PEM text is refused', () => {
  test.each([
    ['with one character more than 1 MiB', block('AAEC').padEnd(MAX_CHARACTERS + 1, ' ')],
    ['without a block', 'AAEC'],
    ['with an empty body', block('')],
    ['with base64 that is cut', block('AAE')],
    ['with base64 whose last bits are not zero', block('AAF=')],
    ['with base64 of URLs', block('__--')],
    ['with text after the padding', block('AAE=AAE=')],
    ['with an END of another label', block('AAEC', 'Y')],
    ['with an END that follows another one', `${block('AAEC')}-----END X-----\n`],
    ['with a BEGIN within a block', `-----BEGIN X-----\n${block('AAEC')}`],
    ['without an END', '-----BEGIN X-----\nAAEC\n'],
    ['with a damaged boundary', block('AAEC').replace('-----BEGIN', '----BEGIN')],
  ])('%s', async (_, text) => {
    expect(await refusedField(() => parsePem(text, 'bundle'))).toBe('bundle');
  });
});
