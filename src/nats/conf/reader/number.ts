import { findSizeUnit } from '../../size-units.ts';
import { type Cursor, describeCharacter, isBlank, isLineBreak } from './cursor.ts';
import type { Problem } from './session.ts';
import { readBareText, type TextRead } from './text.ts';
import type { ConfValue } from './value.ts';

/** A whole number with the letters of a size after it, as nats-server reads it without quotes. */
export const SIZE = /^-?\d+[kmgtpe](?:b|i|ib)?$/i;

/**
 * Converts `8MB` to 8388608. Returns undefined if the unit is unknown or the result has more than 64 bits. In these
 * cases, nats-server drops the entry or the number overflows.
 */
export function parseInteger(text: string): number | bigint | undefined {
  const [, digits, suffix] = /^(-?[0-9]+)([a-z]*)$/i.exec(text) ?? [];
  if (digits === undefined || suffix === undefined) return undefined;
  const unit = findSizeUnit(suffix);
  if (unit === undefined || digits.length > 40) return undefined;
  const exact = BigInt(digits) * unit;
  if (BigInt.asIntN(64, exact) !== exact) return undefined;
  const plain = Number(exact);
  return Number.isSafeInteger(plain) ? plain : exact;
}

export type ScalarRead =
  | { readonly kind: 'value'; readonly value: ConfValue }
  | { readonly kind: 'problem'; readonly problem: Problem }
  | Extract<TextRead, { kind: 'text' }>;

const DATE = /[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z/y;
const QUOTE_IT = 'write a number, or put the text in double quotes';

/**
 * Reads a value that begins with a digit: an integer, a float, a date, an address or a text
 * (`lexNumberOrDateOrStringOrIP`).
 */
export function readNumberOrText(cursor: Cursor): ScalarRead {
  const date = cursor.match(DATE);
  if (date !== undefined) return readDate(cursor, date);
  const digits = cursor.match(/\p{Nd}+/uy) ?? '';
  cursor.advance(digits.length);
  const next = cursor.peek();
  if (next === '-') return reportProblem('got digits and `-`, expected a date such as 2026-01-31T12:00:00Z');
  if (next === '.') return readFloatOrAddress(cursor, digits);
  if (/^[kmgtpe]$/i.test(next)) return readSizeOrText(cursor, digits);
  if (endsNumber(next)) return convertInteger(digits);
  if (next === ']')
    return reportProblem(
      'got a number right before `]`, which nats-server reads as one word',
      'put a space before `]`',
    );
  // nats-server takes the next character literally, even if it is a quote or a backslash.
  return readBareText(cursor, digits + cursor.next());
}

/** Reads a value after its first character `-` (`lexNegNumber`). */
export function readNegativeNumber(cursor: Cursor): ScalarRead {
  const digits = cursor.match(/\p{Nd}+/uy) ?? '';
  if (digits === '') return reportProblem(`got \`-\` and ${describeCharacter(cursor.peek())}, expected a digit`);
  cursor.advance(digits.length);
  const next = cursor.peek();
  if (next === '.') return readFloatOrAddress(cursor, `-${digits}`);
  return /^[kmgtpe]$/i.test(next) ? readSizeOrText(cursor, `-${digits}`) : convertInteger(`-${digits}`);
}

function readSizeOrText(cursor: Cursor, digits: string): ScalarRead {
  const unit = cursor.match(/[kmgtpe][bi]*/iy) ?? '';
  cursor.advance(unit.length);
  return endsNumber(cursor.peek()) ? convertInteger(digits + unit) : readBareText(cursor, digits + unit);
}

function readFloatOrAddress(cursor: Cursor, whole: string): ScalarRead {
  const fraction = cursor.match(/\.\p{Nd}+/uy);
  if (fraction === undefined) return reportProblem('got a number that ends with `.`, expected a digit after it');
  cursor.advance(fraction.length);
  const text = whole + fraction;
  if (cursor.peek() === '.') {
    const rest = cursor.match(/[\p{Nd}.:-]+/uy) ?? '';
    cursor.advance(rest.length);
    return { kind: 'value', value: text + rest };
  }
  if (!/^-?[0-9]+\.[0-9]+$/.test(text) || !Number.isFinite(Number(text)))
    return reportProblem('got an invalid number, expected one such as 0.5');
  return { kind: 'value', value: { kind: 'float', text } };
}

function convertInteger(text: string): ScalarRead {
  const value = parseInteger(text);
  return value === undefined
    ? reportProblem(
        'got a number with an unknown unit or with more than 64 bits, expected one such as 1024, 64KB or 1G',
      )
    : { kind: 'value', value };
}

function readDate(cursor: Cursor, text: string): ScalarRead {
  cursor.advance(text.length);
  const time = new Date(text);
  // Date carries over invalid days: the 30th of February becomes a day in March.
  if (Number.isNaN(time.getTime()) || time.toISOString() !== text.replace('Z', '.000Z')) {
    return reportProblem('got a date that does not exist, expected one such as 2026-01-31T12:00:00Z');
  }
  return { kind: 'value', value: { kind: 'date', text } };
}

function endsNumber(character: string): boolean {
  return character === '' || isLineBreak(character) || isBlank(character) || /^[};,]$/.test(character);
}

function reportProblem(says: string, fix = QUOTE_IT): ScalarRead {
  return { kind: 'problem', problem: { says, fix } };
}
