import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { SHORTEST_FORM } from '../../../src/secrets/form-index.ts';
import { isTooShortToHide, listMasks } from '../../../src/secrets/masks.ts';
import { SHORTEST_LINE } from '../../../src/secrets/secret-forms.ts';

const line = 'MHcCAQEEIIrYSSNQFaA2Hwf1duRSxKtLYX5CB04fSeQ6tF1aY/PuoAoGCCqGSM49';
const pem = `-----BEGIN EC PRIVATE KEY-----\n${line}\nAwEHoUQ=\n-----END EC PRIVATE KEY-----`;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

const bodyInBase64 = base64(pem).slice(44, -40);

test.each<[string, string, readonly string[]]>([
  ['of a password contain the password', 'hunter2', ['hunter2']],
  ['of a short word are missing, because they would make the log unreadable', 'abc', []],
  ['of a short word between spaces are missing', '  abc ', []],
  ['of a key contain its long lines and its body in base64, never a header', `${pem}\n`, [line, bodyInBase64]],
  [
    'of a text contain its long lines',
    'first line of it all\nshort\n',
    ['first line of it all', base64('first line of it all\nshort\n'), base64('first line of it all\nshort\n\n')],
  ],
  [
    'of a text with a certificate leave the certificate out',
    '-----BEGIN CERTIFICATE-----\nMIIBpublicpublicpublic\n-----END CERTIFICATE-----\npassword-of-it',
    ['password-of-it'],
  ],
])('the masks %s', (_, secret, masks) => {
  expect(listMasks(secret)).toEqual(masks);
});

test('the masks contain no public key part, which a certificate in an output contains as well', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const half = publicKey.export({ type: 'spki', format: 'der' });
  const shifted = [0, 1, 2].map((offset) => Buffer.concat([Buffer.alloc(offset), half]).toString('base64'));
  const masks = listMasks(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  expect(masks.length).toBeGreaterThan(10);
  expect(masks.filter((mask) => shifted.some((text) => text.includes(mask)))).toEqual([]);
});

test('a value that is too short to hide is reported, but not an empty value', () => {
  expect(['', ' ', 'a', 'abc', 'abcd'].filter(isTooShortToHide)).toEqual(['a', 'abc']);
});

describe('a mask', () => {
  const LONGEST_MASK = 16_384;

  test.each([
    ['has the minimum length of a form', 'x'.repeat(SHORTEST_FORM), true],
    ['has no shorter length', 'x'.repeat(SHORTEST_FORM - 1), false],
    ['has no shorter length without its spaces', ` ${'x'.repeat(SHORTEST_FORM - 1)} `, false],
    ['has at most the length of a long line', 'x'.repeat(LONGEST_MASK), true],
    ['has no longer length', 'x'.repeat(LONGEST_MASK + 1), false],
  ])('%s', (_, secret, expected) => {
    expect(listMasks(secret)).toStrictEqual(expected ? [secret] : []);
  });

  test.each([
    [SHORTEST_LINE, true],
    [SHORTEST_LINE - 1, false],
  ])('of a line of a key needs at least 16 characters: %d', (length, expected) => {
    const last = 'Q'.repeat(length);
    expect(listMasks(pem.replace('AwEHoUQ=', last)).includes(last)).toBe(expected);
    expect(listMasks(`a line of a text\n${last}`).includes(last)).toBe(expected);
  });

  test.each(['', '\n', '\n\n'])('of a text with one line is this line, whatever its length, before %j', (end) => {
    expect(listMasks(`password${end}`)).toStrictEqual(['password']);
  });
});
