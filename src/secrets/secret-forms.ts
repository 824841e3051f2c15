import { createPublicKey } from 'node:crypto';
import { encodePart, listBase64Forms } from './base64-forms.ts';
import { listLineForms, listWrittenForms } from './written-forms.ts';

/** A form in which a secret is found in other texts. */
export type SecretForm = {
  readonly text: string;
  /** The public parts of the form, which are not hidden. */
  readonly open: readonly string[];
};

/** A private key. An encrypted one may have headers with hyphens, such as `Proc-Type` (RFC 1421 section 4.6). */
const PRIVATE_KEY =
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----([^-]*(?:-[^-]+){0,20})(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|$)/g;
/** The headers of a private key, one in each line before its base64. They are public. */
const HEADERS = /^(?:\s|\\n)*(?:[\w-]+: [^\r\n\\]*(?:\\n|\r?\n))+/;
const CERTIFICATE = /-----BEGIN [A-Z0-9 ]{0,40}CERTIFICATE-----[^-]*-----END [A-Z0-9 ]{0,40}CERTIFICATE-----/g;

/** The minimum length of a line of a text; a shorter line may be a word that occurs elsewhere too. */
export const SHORTEST_LINE = 16;
/** The length from which a text with many lines has fewer forms of each line. */
const LONGEST_TEXT = 8192;
/** The minimum length of the last line of a key. */
const SHORTEST_KEY_LINE = 8;

/** The parts of a secret: its single lines, its text of several lines, and its private keys. */
export type SecretParts = {
  /** The passwords, tokens and lines of a text, without lines that are too short to distinguish from words. */
  readonly lines: readonly string[];
  /** The text of several lines without its keys and certificates; empty if the secret is in one line. */
  readonly text: string;
  readonly keys: readonly PrivateKeyText[];
};

export type PrivateKeyText = {
  readonly pem: string;
  /** The base64 of the key, without line ends. */
  readonly body: string;
  readonly lines: readonly string[];
  /**
   * The base64 of the public half of the key, which certificates contain as well. There is one text for each position
   * that the first byte can have in a group of three bytes.
   */
  readonly open: readonly string[];
};

/** Returns the parts of a secret. Certificates in it are public. */
export function splitSecret(secret: string): SecretParts {
  const keys = [...secret.matchAll(PRIVATE_KEY)].map(([pem, body = '']) => splitPrivateKey(pem, body));
  const rest = secret.replaceAll(PRIVATE_KEY, '').replaceAll(CERTIFICATE, '');
  const lines = rest.split(/\r\n|[\r\n]/).map((line) => line.trim());
  if (keys.length === 0 && lines.length === 1) return { lines: [secret], text: '', keys };
  const isWhole = lines.filter((line) => line !== '').length === 1;
  const long = lines.filter((line) => (isWhole ? line !== '' : line.length >= SHORTEST_LINE) && !isHeader(line));
  return { lines: long, text: isWhole ? '' : rest.trim(), keys };
}

function isHeader(line: string): boolean {
  return line.startsWith('-----');
}

function splitPrivateKey(pem: string, body: string): PrivateKeyText {
  const lines = body
    .replace(HEADERS, '')
    .split(/\\n|\s/)
    .filter((line) => line !== '' && !line.includes(':'));
  return { pem, body: lines.join(''), lines, open: encodePublicHalf(pem) };
}

function encodePublicHalf(pem: string): readonly string[] {
  try {
    const info = createPublicKey(pem).export({ format: 'der', type: 'spki' });
    return [0, 1, 2].map((offset) => encodePart(info, offset));
  } catch {
    return []; // The key is damaged or encrypted, so all of it is treated as secret.
  }
}

/** Returns every form in which the secret is written into other texts. */
export function listSecretForms(secret: string): readonly SecretForm[] {
  const { lines, text, keys } = splitSecret(secret);
  const isFile = text.length > LONGEST_TEXT;
  const ofLines = lines.flatMap((line) =>
    isFile ? listLineForms(line) : [...listWrittenForms(line), ...listBase64Forms(line)],
  );
  const forms = text === '' ? ofLines : [...ofLines, ...listBase64Forms(secret)];
  const closed = [...new Set(forms)].map((form) => ({ text: form, open: [] }));
  return [...closed, ...keys.flatMap(listKeyForms)];
}

function listKeyForms({ pem, body, lines, open }: PrivateKeyText): readonly SecretForm[] {
  const ends = lines.filter((line) => line.length >= SHORTEST_KEY_LINE && line.length < body.length);
  const bodies = [body, ...ends].filter((line) => !open.some((half) => half.includes(line)));
  return [
    ...bodies.flatMap(listWrittenForms).map((line) => ({ text: line, open })),
    ...listBase64Forms(pem).map((form) => ({ text: form, open: [] })),
  ];
}
