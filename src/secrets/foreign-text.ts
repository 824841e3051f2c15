import { boundary, cutNote } from '../text/bounded.ts';
import { encodedValueSpans } from './encoded-values.ts';
import { fieldValueSpans } from './likely-secrets.ts';
import { readMarks, withMarks } from './marked-text.ts';
import type { Span } from './spans.ts';

/** Enough to see why, for a line of a log, the message of an event or an answer of a server. */
const MOST_FOREIGN = 4096;

/** `token=a` */
const SHORTEST_FIELD = 7;

/** What begins before the end of what is kept is looked at as far as this. */
const BEYOND = 1024;

/**
 * Returns what is kept of a text that others wrote, where it comes in: its beginning, in which the values of fields
 * called password, token or the like are marked. A `Redactor` takes those out where texts leave, together with what is
 * secret by its format or known to be. Nothing is taken out before, because half of a secret is no longer known for what
 * it is.
 */
export function foreignText(text: string, most = MOST_FOREIGN): string {
  return kept(text, most, fieldValueSpans);
}

/** Returns the same of what others say of a Secret, whose data they may quote. */
export function foreignTextOfSecret(text: string): string {
  return kept(text, text.length, (seen) => [...fieldValueSpans(seen), ...encodedValueSpans(seen)]);
}

function kept(raw: string, most: number, spansOf: (text: string) => readonly Span[]): string {
  if (raw.length < SHORTEST_FIELD) return raw;
  const { text, spans } = readMarks(raw);
  const seen = text.slice(0, most + BEYOND);
  const found = [...spans, ...spansOf(seen)];
  if (text.length <= most) return withMarks({ text, spans: found });
  const end = boundary(text, most);
  const before = found.flatMap(([from, to]): readonly Span[] => (from < end ? [[from, Math.min(to, end)]] : []));
  return `${withMarks({ text: text.slice(0, end), spans: before })}${cutNote(text.length - end)}`;
}

/** Returns the same of each line of a log. */
export function foreignLines(text: string, mostOfLine = MOST_FOREIGN): string {
  return text
    .split('\n')
    .map((line) => foreignText(line, mostOfLine))
    .join('\n');
}
