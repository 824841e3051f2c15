import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { isTooShortToHide, listMasks } from '../../../src/secrets/masks.ts';

const line = 'MHcCAQEEIIrYSSNQFaA2Hwf1duRSxKtLYX5CB04fSeQ6tF1aY/PuoAoGCCqGSM49';
const pem = `-----BEGIN EC PRIVATE KEY-----\n${line}\nAwEHoUQ=\n-----END EC PRIVATE KEY-----`;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

const bodyInBase64 = base64(pem).slice(44, -40);

test.each<[string, string, readonly string[]]>([
  ['of a password is the password', 'hunter2', ['hunter2']],
  ['of a short word would ruin the log', 'abc', []],
  ['of a short word between spaces, too', '  abc ', []],
  ['of a key is its long lines and its body in base64, never a header', `${pem}\n`, [line, bodyInBase64]],
  [
    'of a text is its long lines',
    'first line of it all\nshort\n',
    ['first line of it all', base64('first line of it all\nshort\n'), base64('first line of it all\nshort\n\n')],
  ],
  [
    'of a text with a certificate leaves that out',
    '-----BEGIN CERTIFICATE-----\nMIIBpublicpublicpublic\n-----END CERTIFICATE-----\npassword-of-it',
    ['password-of-it'],
  ],
])('a mask %s', (_, secret, masks) => {
  expect(listMasks(secret)).toEqual(masks);
});

test('no mask is a public half, which a certificate in an output holds as well', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const half = publicKey.export({ type: 'spki', format: 'der' });
  const shifted = [0, 1, 2].map((offset) => Buffer.concat([Buffer.alloc(offset), half]).toString('base64'));
  const masks = listMasks(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  expect(masks.length).toBeGreaterThan(10);
  expect(masks.filter((mask) => shifted.some((text) => text.includes(mask)))).toEqual([]);
});

test('what is too short to hide is told, but not what is empty', () => {
  expect(['', ' ', 'a', 'abc', 'abcd'].filter(isTooShortToHide)).toEqual(['a', 'abc']);
});
