import { createECDH, createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import forge from 'node-forge';
import type { KnownSecret } from '../../../src/secrets/masks.ts';
import type { Draw } from '../../chaos/random.ts';

/** A planted secret, and the marks that show a leak of it in decoded text. */
type Canary = { readonly text: string; readonly marks: readonly string[] };

const JWT = 'eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ.eyJzdWIiOiJVQ0FOQVJZIn0.Y2FuYXJ5LXNpZ25hdHVyZS1vZi1hLWp3dA';

const CANARIES: readonly Canary[] = [
  { text: `cAnaryOne'p@ss/w0rd&<x>"y\\ %z`, marks: ['cAnaryOne'] },
  { text: 'kd8-Q_cAnaryTwo3jVbw_9xT-4aL', marks: ['cAnaryTwo'] },
  { text: 'pässwörd cAnarySix with spaces', marks: ['cAnarySix'] },
  { text: 'a*b_c[cAnaryTen](d)#e|f`g', marks: ['cAnaryTen'] },
  { text: 'cNr7yz', marks: ['cNr7yz'] },
  { text: `SU${'CANARYSEED'.repeat(6).slice(0, 56)}`, marks: ['CANARYSEEDCANARYSEED'] },
  { text: JWT, marks: [JWT.slice(-30)] },
  key(ecKey()),
  key(ed25519Key()),
  key(rsaKey()),
];

export const SECRETS: readonly KnownSecret[] = CANARIES.map(({ text }) => ({ text, source: 'canary' }));

/** Returns bytes that are always the same, so that a seed repeats a run. */
function bytesOf(name: string, length: number): Buffer {
  const parts = Array.from({ length: Math.ceil(length / 32) }, (_, part) =>
    createHash('sha256').update(`${name} ${part}`).digest(),
  );
  return Buffer.concat(parts).subarray(0, length);
}

function ecKey(): KeyObject {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(bytesOf('ec', 32));
  const point = ecdh.getPublicKey();
  const part = (bytes: Buffer): string => bytes.toString('base64url');
  const key = { x: part(point.subarray(1, 33)), y: part(point.subarray(33)), d: part(ecdh.getPrivateKey()) };
  return createPrivateKey({ key: { kty: 'EC', crv: 'P-256', ...key }, format: 'jwk' });
}

function ed25519Key(): KeyObject {
  // PKCS #8 (RFC 8410 §7).
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), bytesOf('ed25519', 32)]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

function rsaKey(): KeyObject {
  let calls = 0;
  const getBytesSync = (count: number): string => {
    calls += 1;
    return bytesOf(`rsa ${calls}`, count).toString('latin1');
  };
  const { privateKey } = forge.pki.rsa.generateKeyPair({ bits: 2048, prng: { getBytesSync }, workers: -1 });
  return createPrivateKey(forge.pki.privateKeyToPem(privateKey));
}

/**
 * Returns a private key as a canary. Parts of its body are the marks, except those that certificates also hold and
 * those with which all keys of a kind begin.
 */
function key(privateKey: KeyObject): Canary {
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const body = pem.replaceAll(/-----.*-----|\n/g, '');
  const half = createPublicKey(pem).export({ type: 'spki', format: 'der' });
  const halves = [0, 1, 2].map((offset) => Buffer.concat([Buffer.alloc(offset), half]).toString('base64'));
  // Any 31 characters of the body contain one of these marks.
  const parts = Array.from({ length: Math.floor(body.length / 16) }, (_, index) =>
    body.slice(16 * index, 16 * index + 16),
  );
  const secret = parts.slice(5).filter((part) => !halves.some((text) => text.includes(part.slice(0, 8))));
  return { text: pem, marks: secret };
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);
const wrapped = (text: string, columns: number, end: string): string =>
  (text.match(new RegExp(`.{1,${columns}}`, 'g')) ?? []).join(end);
const percent = (text: string): string => encodeURIComponent(text);
const lower = (text: string): string => percent(text).replaceAll(/%../g, (code) => code.toLowerCase());
const html = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The forms in which programs write a text into other texts. */
const FORMS: readonly [(text: string, draw: Draw) => string, ...((text: string, draw: Draw) => string)[]] = [
  (text) => text,
  base64,
  (text) => Buffer.from(text).toString('base64url'),
  (text, draw) => base64(`${'u'.repeat(draw.whole(0, 90 - 1))}${text}${'v'.repeat(draw.whole(0, 4 - 1))}`),
  (text, draw) => wrapped(base64(`${'u'.repeat(draw.whole(0, 60 - 1))}${text}`), 64, draw.oneOf(['\n', '\r\n', '\\n'])),
  (text) => base64(base64(text)),
  inJson,
  (text) => inJson(inJson(text)),
  (text) => inJson(text).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026'),
  percent,
  lower,
  (text) => percent(text).replaceAll('%20', '+'),
  (text) => text.replaceAll("'", "''"),
  html,
  (text) => `-----BEGIN PRIVATE KEY-----\n${text.split('\n').slice(1).join('\n')}`,
];

/** Returns one of the planted secrets, written in one of the forms. */
export function writtenCanary(draw: Draw): string {
  const { text } = CANARIES[draw.whole(0, CANARIES.length - 1)] ?? { text: '' };
  return draw.oneOf(FORMS)(text, draw);
}

/** Returns a mark of each secret in a text, or in a part of it that is written in base64, JSON or percent-encoding. */
export function leaksIn(text: string): readonly string[] {
  const plain = [text, unescaped(text)];
  const once = plain.flatMap(decodeBase64);
  const all = [...plain, ...once, ...once.flatMap(decodeBase64)].join('\n');
  return CANARIES.flatMap(({ marks }) => marks.find((mark) => all.includes(mark)) ?? []);
}

function unescaped(text: string): string {
  return text
    .replaceAll(/&#8203;|\\(?=[^nru])/g, '')
    .replaceAll(/\\u([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replaceAll(/%([0-9A-Fa-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** Decodes every run of base64, also over line ends, from each of four beginnings. */
function decodeBase64(text: string): readonly string[] {
  const runs =
    text
      .replaceAll(/(?<=[A-Za-z0-9+/_-])(?:\r?\n|\\r\\n|\\n)[ \t]{0,8}(?=[A-Za-z0-9+/_-])/g, '')
      .match(/[A-Za-z0-9+/_-]{6,}/g) ?? [];
  return runs.flatMap((run) =>
    [0, 1, 2, 3].map((offset) => Buffer.from(run.slice(offset), 'base64').toString('latin1')),
  );
}
