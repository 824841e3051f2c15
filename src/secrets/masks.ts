import { SHORTEST_FORM } from './form-index.ts';
import { SHORTEST_LINE, splitSecret } from './secret-forms.ts';

/** A password, private key or token. */
export type KnownSecret = {
  readonly text: string;
  /** The origin of the secret, for the reader of a warning: `client-password`, `Secret nats-system`. */
  readonly source: string;
};

/**
 * The maximum length of a mask. A longer line is a file in one line, and the runner searches each line of the log for
 * each mask.
 */
const LONGEST_MASK = 16_384;

/**
 * Returns the masks to register with the runner, so that it never shows the secret in the log of this step and of later
 * ones. Masks are narrow because the runner hides every occurrence and drops job outputs that contain one: no header
 * such as `-----BEGIN`, no text of fewer than four characters, no line of a private key that is its public half.
 */
export function listMasks(secret: string): readonly string[] {
  const { lines, text, keys } = splitSecret(secret);
  const ofKeys = keys.flatMap(({ pem, body, lines: keyLines, open }) => {
    const long = keyLines.filter((line) => line.length >= SHORTEST_LINE);
    const closed = long.filter((line) => !open.some((half) => half.includes(line)));
    return [...closed, ...encodeBody(pem, body)];
  });
  const whole = text === '' ? [] : [...encodeBase64(secret), ...encodeBase64(`${secret}\n`)];
  const masks = [...lines, ...whole, ...ofKeys];
  return [...new Set(masks)].filter((mask) => mask.trim().length >= SHORTEST_FORM && mask.length <= LONGEST_MASK);
}

/** Checks whether a secret is too short to be hidden: the runner would hide the same letters in every word. */
export function isTooShortToHide(secret: string): boolean {
  return secret.trim() !== '' && secret.trim().length < SHORTEST_FORM;
}

/**
 * Returns the base64 of the part between header and end of a private key; the header is not secret in base64 either.
 */
function encodeBody(pem: string, body: string): readonly string[] {
  const bytes = Buffer.from(pem, 'utf8');
  const first = Math.ceil(bytes.indexOf(body.slice(0, SHORTEST_LINE)) / 3);
  const end = Math.floor(Math.max(0, bytes.lastIndexOf('-----END')) / 3);
  return [bytes.toString('base64').slice(4 * first, 4 * end)];
}

function encodeBase64(text: string): readonly string[] {
  return [Buffer.from(text, 'utf8').toString('base64')];
}
