import { fieldValueSpans } from './likely-secrets.ts';
import { withoutSpans } from './spans.ts';

/** Enough to see why, for a line of a log, the message of an event or an answer of a server. */
const MOST_FOREIGN = 4096;

/** `token=a` */
const SHORTEST_FIELD = 7;

/** What begins before the end of what is kept is looked at as far as this. */
const BEYOND = 1024;

/**
 * Returns what is kept of a text that others wrote, where it comes in: its beginning, without the values of fields called
 * password, token or the like. What is secret by its format, or known to be, is taken out where texts leave, by a
 * `Redactor`.
 */
export function foreignText(text: string, most = MOST_FOREIGN): string {
  if (text.length < SHORTEST_FIELD) return text;
  const seen = text.slice(0, most + BEYOND);
  return withoutSpans(seen, fieldValueSpans(seen), { most, length: text.length });
}

/** Returns the same of each line of a log. */
export function foreignLines(text: string, mostOfLine = MOST_FOREIGN): string {
  return text
    .split('\n')
    .map((line) => foreignText(line, mostOfLine))
    .join('\n');
}
