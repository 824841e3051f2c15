import { SHORTEST_FORM } from './form-index.ts';
import { partsOf, SHORTEST_LINE } from './secret-forms.ts';

/** A longer line is a file in one line, and the runner looks for each mask in each line of the log. */
const LONGEST_MASK = 16_384;

/**
 * Returns what to register with the runner so that it never shows the secret, in this step's log and in later ones. Masks
 * are narrow because the runner hides every occurrence and drops job outputs that contain one: no header such as
 * `-----BEGIN`, no text of fewer than four characters, no line of a private key that is its public half.
 */
export function masksOf(secret: string): readonly string[] {
  const { lines, text, keys } = partsOf(secret);
  const ofKeys = keys.flatMap(({ pem, body, lines: keyLines, open }) => {
    const long = keyLines.filter((line) => line.length >= SHORTEST_LINE);
    const closed = long.filter((line) => !open.some((half) => half.includes(line)));
    return [...closed, ...bodyInBase64(pem, body)];
  });
  const whole = text === '' ? [] : [...inBase64(secret), ...inBase64(`${secret}\n`)];
  const masks = [...lines, ...whole, ...ofKeys];
  return [...new Set(masks)].filter((mask) => mask.trim().length >= SHORTEST_FORM && mask.length <= LONGEST_MASK);
}

/** Tells whether a secret is too short to be hidden: the runner would hide as many letters in every word. */
export function isTooShortToHide(secret: string): boolean {
  return secret.trim() !== '' && secret.trim().length < SHORTEST_FORM;
}

/** What is between header and end of a private key in the base64 of it: the header is no secret there either. */
function bodyInBase64(pem: string, body: string): readonly string[] {
  const bytes = Buffer.from(pem, 'utf8');
  const first = Math.ceil(bytes.indexOf(body.slice(0, SHORTEST_LINE)) / 3);
  const end = Math.floor(Math.max(0, bytes.lastIndexOf('-----END')) / 3);
  return [bytes.toString('base64').slice(4 * first, 4 * end)];
}

function inBase64(text: string): readonly string[] {
  return [Buffer.from(text, 'utf8').toString('base64')];
}
