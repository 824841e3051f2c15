import { ActionError } from '../errors/action-error.ts';

/** A weakness of a readable certificate or key, because of which no TLS peer should accept it. */
export type Weakness = 'WeakSignature' | 'WeakKey';

/** Builds a PKI_INVALID error about one field: an input, a Secret's key, or a part of a certificate to be issued. */
export function createPkiError(
  field: string,
  problem: string,
  hint: string,
  cause?: unknown,
  reason?: Weakness,
): ActionError<'PKI_INVALID'> {
  const fields = { hint, details: { field }, cause };
  return new ActionError('PKI_INVALID', `${field}: ${problem}`, reason === undefined ? fields : { ...fields, reason });
}

/** One certificate, or several in a row. The type distinguishes it from keys and other text. */
export type CertificatePem = `-----BEGIN CERTIFICATE-----\n${string}`;
/** One unencrypted PKCS#8 private key. It is secret, and never part of a message. */
export type PrivateKeyPem = `-----BEGIN PRIVATE KEY-----\n${string}`;

/** One block of RFC 7468 text. */
type PemBlock = { readonly label: string; readonly der: Buffer<ArrayBuffer> };

/** The maximum length of a text: a Kubernetes Secret holds at most 1 MiB. Longer text is refused before it is read. */
const MAX_PEM_CHARACTERS = 1_048_576;
const BOUNDARY = /^-----(BEGIN|END) ([A-Z0-9][A-Z0-9 ]{0,40})-----$/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const HINT = 'give the complete PEM text, from its first -----BEGIN …----- to its last -----END …----- line';

function encodeBody(der: Uint8Array): string {
  return (
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  ).join('\n');
}

export function encodeCertificatePem(der: Uint8Array): CertificatePem {
  return `-----BEGIN CERTIFICATE-----\n${encodeBody(der)}\n-----END CERTIFICATE-----\n`;
}

export function encodePrivateKeyPem(der: Uint8Array): PrivateKeyPem {
  return `-----BEGIN PRIVATE KEY-----\n${encodeBody(der)}\n-----END PRIVATE KEY-----\n`;
}

function decodeBody(lines: readonly string[], label: string, field: string): Buffer<ArrayBuffer> {
  const body = lines.join('');
  const der = Buffer.from(body, 'base64');
  if (!BASE64.test(body) || der.toString('base64') !== body) {
    throw createPkiError(field, `the ${label} block is not base64 text`, HINT);
  }
  return der;
}

/**
 * Parses every block of a PEM text in order, at least one. Text between blocks is explanation (RFC 7468 §5.2) and is
 * skipped.
 * @throws ActionError PKI_INVALID naming `field`; content of the text is never quoted.
 */
export function parsePem(text: string, field: string): readonly PemBlock[] {
  if (text.length > MAX_PEM_CHARACTERS) {
    throw createPkiError(field, `${text.length} characters, expected at most ${MAX_PEM_CHARACTERS}`, HINT);
  }
  const blocks: PemBlock[] = [];
  let open: { readonly label: string; readonly lines: string[] } | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    const boundary = BOUNDARY.exec(line);
    const [, edge, label = ''] = boundary ?? [];
    if (boundary === null) {
      if (line.includes('-----')) throw createPkiError(field, `line ${index + 1} is a damaged PEM boundary`, HINT);
      open?.lines.push(line);
    } else if (edge === 'BEGIN' && open === undefined) {
      open = { label, lines: [] };
    } else if (edge === 'END' && open?.label === label) {
      blocks.push({ label, der: decodeBody(open.lines, label, field) });
      open = undefined;
    } else {
      throw createPkiError(field, `line ${index + 1} has an unexpected ${edge} ${label}`, HINT);
    }
  }
  if (open !== undefined) throw createPkiError(field, `the ${open.label} block has no END line: truncated`, HINT);
  if (blocks.length === 0) throw createPkiError(field, 'holds no PEM block', HINT);
  return blocks;
}
