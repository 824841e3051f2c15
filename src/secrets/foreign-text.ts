import { boundary, cutNote } from '../text/bounded.ts';
import { encodedValueSpans } from './encoded-values.ts';
import { fieldValueSpans } from './likely-secrets.ts';
import { readMarks, withMarks } from './marked-text.ts';
import type { Span } from './spans.ts';

/**
 * The maximum length, which is enough to see the cause in a line of a log, the message of an event or an answer of a
 * server.
 */
const MOST_FOREIGN = 4096;

/** The length of `token=a`, the shortest field. */
const SHORTEST_FIELD = 7;

/** The length after the end of the kept text that is also searched for the rest of a secret. */
const BEYOND = 1024;

/**
 * Returns the part of a text of another program that is kept: its beginning, with marks around the values of fields
 * called password, token or the like. A `Redactor` removes the marked parts where texts are shown, together with other
 * secrets, known or recognized by their format. Nothing is removed before, because half of a secret cannot be
 * recognized.
 */
export function foreignText(text: string, most = MOST_FOREIGN): string {
  return kept(text, most, fieldValueSpans);
}

/** Returns the kept and marked text of another program about a Secret; the text may quote the data of the Secret. */
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

/** Returns each line of a log, kept and marked likewise. */
export function foreignLines(text: string, mostOfLine = MOST_FOREIGN): string {
  return text
    .split('\n')
    .map((line) => foreignText(line, mostOfLine))
    .join('\n');
}
