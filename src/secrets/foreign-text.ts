import { fieldValueSpans, likelySecretSpans } from './likely-secrets.ts';
import { withoutSpans } from './spans.ts';

/** Enough to see why, for a line of a log, the message of an event or an answer of a server. */
const MOST_FOREIGN = 4096;

/** What begins before the end of what is kept is looked at as far as this. */
const BEYOND = 1024;

/**
 * Returns what is kept of a text that others wrote, where it comes in: its beginning, without the values of fields called
 * password, token or the like. What is known to be secret is taken out where texts leave, by a `Redactor`.
 */
export function foreignText(text: string, most = MOST_FOREIGN): string {
  const seen = text.slice(0, most + BEYOND);
  const spans = [...fieldValueSpans(seen), ...likelySecretSpans(seen)];
  return withoutSpans(seen, spans, { most, length: text.length });
}

/** Returns the same of each line of a log; a private key may stand in several. */
export function foreignLines(text: string, mostOfLine = MOST_FOREIGN): string {
  const lines = text.split('\n').map((line) => (line.length > mostOfLine ? foreignText(line, mostOfLine) : line));
  return foreignText(lines.join('\n'), Number.POSITIVE_INFINITY);
}
