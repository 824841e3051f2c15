import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { FormIndex, SHORTEST_FORM } from '../../../src/secrets/form-index.ts';
import type { Span } from '../../../src/secrets/spans.ts';

/** Returns a text without repetitions, the same for the same name. */
function textOf(name: string, length: number): string {
  return createHash('shake256', { outputLength: length }).update(name).digest('hex').slice(0, length);
}

function indexOf(...forms: readonly string[]): FormIndex {
  const index = new FormIndex();
  for (const form of forms) index.add(form);
  return index;
}

/** The lengths from which forms, parts and ends of forms are found (docs of `FormIndex`). */
const LONG = 64;
const PART = 24;
const END = 8;
const long = textOf('long', LONG);
const medium = textOf('medium', LONG - 1);

describe('a form in a text', () => {
  test.each<[string, string, string, readonly Span[]]>([
    ['is found at the end of the text', 'pass', 'a pass', [[2, 6]]],
    ['is found at its beginning', 'pass', 'pass', [[0, 4]]],
    [
      'is found twice',
      'pass',
      'passpass',
      [
        [0, 4],
        [4, 8],
      ],
    ],
    ['is not found if it is too short', 'abc', 'abc', []],
    ['is not found by its beginning', 'password', 'passing by', []],
    ['is not found in a text that is shorter', 'pass', 'pas', []],
    ['is not found by a part if it is not long', medium, medium.slice(1), []],
    ['is found by a part if it is long', long, `x ${long.slice(40)} y`, [[2, 2 + PART]]],
    ['is found by a part between others', long, `x${long.slice(3, 3 + PART)}y`, [[1, 1 + PART]]],
    ['is not found by a shorter part', long, `x ${long.slice(0, PART - 1)} y`, []],
    ['is found as a whole by one span', long, `x ${long} y`, [[2, 2 + LONG]]],
  ])('%s', (_, form, text, spans) => {
    expect(indexOf(form).findSpans(text)).toStrictEqual(spans);
  });

  test('has a minimum length', () => {
    const shortest = textOf('shortest', SHORTEST_FORM);
    expect(indexOf(shortest).findSpans(shortest)).toHaveLength(1);
    expect(indexOf(shortest.slice(1)).findSpans(shortest)).toStrictEqual([]);
  });

  test('is found by any part of the minimum length, wherever the part begins', () => {
    const form = textOf('form', 2 * LONG);
    for (let at = 0; at + PART <= form.length; at += 1) {
      expect(indexOf(form).findSpans(form.slice(at, at + PART))).toStrictEqual([[0, PART]]);
    }
  });
});

describe('long forms that share a part', () => {
  /** Forms that differ only before and after their characters 8 to 24. */
  const alike = [0, 1, 2, 3, 4].map((number) => {
    return `${textOf(`head ${number}`, 8)}${textOf('shared', 16)}${textOf(`tail ${number}`, 40)}`;
  });
  const partOf = (number: number) => alike[number]?.slice(1, 1 + PART) ?? '';

  test.each([0, 1, 2, 3])('are found by this part: form %d', (number) => {
    expect(indexOf(...alike).findSpans(partOf(number))).toStrictEqual([[0, PART]]);
  });

  test('are found by their other parts if there are many of them', () => {
    expect(indexOf(...alike).findSpans(partOf(4))).toStrictEqual([]);
    expect(indexOf(...alike).findSpans(alike[4] ?? '')).toStrictEqual([[0, LONG]]);
  });

  test('are hidden up to the end of the form that the text continues', () => {
    const shared = textOf('beginning', 40);
    const [one, other] = ['one', 'other'].map((name) => `${shared}${textOf(name, 40)}`);
    for (const text of [one, other]) {
      expect(indexOf(one ?? '', other ?? '').findSpans(text ?? '')).toStrictEqual([[0, 80]]);
    }
  });
});

describe('a public part of a long form', () => {
  const form = textOf('form', 2 * LONG);
  const withOpen = (open: string): FormIndex => {
    const index = new FormIndex();
    index.add(form, [open]);
    return index;
  };

  test.each<[string, string, string, readonly Span[]]>([
    ['is not found alone', form.slice(0, LONG), form.slice(0, LONG), []],
    ['is found together with the rest', form.slice(0, LONG), form, [[0, 2 * LONG]]],
    ['does not hide the rest', form.slice(0, LONG), form.slice(LONG), [[0, LONG]]],
    ['does not hide the end, however short it is', form.slice(0, -END), form.slice(-PART), [[0, PART]]],
  ])('%s', (_, open, text, spans) => {
    expect(withOpen(open).findSpans(text)).toStrictEqual(spans);
  });

  test('is not found at a cut either', () => {
    const [beginning, end] = [form.slice(0, 20), form.slice(-20)];
    expect(withOpen(form).findBeginningBefore(beginning, 20)).toBeUndefined();
    expect(withOpen(form).findEndAfter(end, 0)).toBeUndefined();
    expect(indexOf(form).findBeginningBefore(beginning, 20)).toBe(0);
    expect(indexOf(form).findEndAfter(end, 0)).toBe(20);
  });
});

describe('a form at a cut', () => {
  test.each([
    ['has at least four characters before the cut', 'password', 'x pass', 2],
    ['has no fewer characters before the cut', 'password', 'x pas', undefined],
    ['does not begin with other characters', 'password', 'x passing', undefined],
    ['is not whole earlier in the text', 'password', 'password x', undefined],
    ['has one character less before the cut', 'password', 'x passwor', 2],
    ['may be long', long, `x ${long.slice(0, 30)}`, 2],
    ['may be long, and have one character less', long, `x ${long.slice(0, -1)}`, 2],
    ['may be long, but does not begin with other characters', long, `x ${long.slice(0, 8)}zz`, undefined],
  ])('%s: %s', (_, form, text, start) => {
    expect(indexOf(form).findBeginningBefore(text, text.length)).toBe(start);
  });

  test.each([
    ['has at least eight characters after the cut', 'a-password', 'password', 8],
    ['has no fewer characters after the cut', 'a-password', 'assword', undefined],
    ['may be followed by other texts', 'a-password', 'password is weak', 8],
    ['may be long', long, `${long.slice(10)} y`, LONG - 10],
    ['may be long, and have one character less', long, `${long.slice(1)}y`, LONG - 1],
    ['does not end with other characters', long, `${long.slice(-20, -1)}y`, undefined],
  ])('%s: %s', (_, form, text, length) => {
    expect(indexOf(form).findEndAfter(`cut${text}`, 3)).toBe(length === undefined ? undefined : 3 + length);
  });
});

test('the part of a text that two long forms share is found from the first to the last character that one of them has', () => {
  const shared = textOf('shared', LONG);
  const [one, other] = ['one', 'other'].map((name) => `${textOf(name, END)}${shared}`);
  const text = `x ${other?.slice(1)} y`;
  expect(indexOf(one ?? '', other ?? '').findSpans(text)).toStrictEqual([[2, text.length - 2]]);
  expect(indexOf(other ?? '', one ?? '').findSpans(text)).toStrictEqual([[2, text.length - 2]]);
});
