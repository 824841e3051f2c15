import { describe, expect, test } from '@jest/globals';
import { KeyLines, LineBlocks } from '../../../src/secrets/key-lines.ts';
import { markSpans } from '../../../src/secrets/spans.ts';

const BEGIN = '-----BEGIN RSA PRIVATE KEY-----';
const END = '-----END RSA PRIVATE KEY-----';
const LINE = 'MHcCAQEEIIrYSSNQFaA2Hwf1duRSxKtLYX5CB04fSeQ6tF1aY/PuoAoGCCqGSM49';
/** The maximum number of lines of a key. */
const MAX_LINES = 200;

/** Returns for each line whether it belongs to a key. */
function read(lines: readonly string[]): readonly boolean[] {
  const keyLines = new KeyLines();
  return lines.map((line) => keyLines.read(line).isOfKey);
}

describe('a line of a log', () => {
  test.each<[string, readonly string[], readonly boolean[]]>([
    ['belongs to a key from its beginning to its end', [BEGIN, LINE, END, LINE], [false, true, true, false]],
    [
      'belongs to a key with headers',
      [BEGIN, 'Proc-Type: 4', 'DEK-Info: A', '', LINE],
      [false, true, true, true, true],
    ],
    ['belongs to a key after the prefix of a log', [BEGIN, `12:00 I ${LINE}`], [false, true]],
    ['belongs to a key with a last word of 16 characters', [BEGIN, `I ${'A'.repeat(16)}`], [false, true]],
    ['belongs to no key with a last word of 15 characters', [BEGIN, `I ${'A'.repeat(15)}`], [false, false]],
    [
      'belongs to a second key that begins in the line of the end of a key',
      [BEGIN, `${END} ${BEGIN}`, LINE],
      [false, true, true],
    ],
    ['belongs to a second key', [BEGIN, END, BEGIN, LINE], [false, true, false, true]],
    ['belongs to no key after other words', [BEGIN, 'server is ready', LINE], [false, false, false]],
    ['belongs to no key after a key in one line', [`${BEGIN} ${LINE} ${END}`, LINE], [false, false]],
    ['belongs to no key without a beginning', [LINE, LINE, END], [false, false, false]],
    ['belongs to no key after a certificate', ['-----BEGIN CERTIFICATE-----', LINE], [false, false]],
    ['belongs to no key if it is another header', [BEGIN, 'Comment: x y'], [false, false]],
  ])('%s', (_, lines, expected) => {
    expect(read(lines)).toStrictEqual(expected);
  });

  test('belongs to no key after the largest number of lines', () => {
    const lines = read([BEGIN, ...Array.from({ length: MAX_LINES + 1 }, () => LINE)]);
    expect(lines.lastIndexOf(true)).toBe(MAX_LINES);
    expect(lines.filter(Boolean)).toHaveLength(MAX_LINES);
  });

  test('is marked as a whole if it belongs to a key, and not changed otherwise', () => {
    const keyLines = new KeyLines();
    expect(keyLines.read(BEGIN).text).toBe(BEGIN);
    const marked = markSpans({ text: LINE, spans: [[0, LINE.length]] });
    expect(keyLines.read(LINE).text).toBe(marked);
    expect(keyLines.read(markSpans({ text: LINE, spans: [[3, 9]] })).text).toBe(marked);
  });
});

describe('a block of lines', () => {
  function blocksOf(...lines: readonly string[]): readonly string[] {
    const shown: string[] = [];
    const blocks = new LineBlocks((block) => shown.push(block));
    lines.forEach((line) => blocks.add(line));
    return shown;
  }
  const wide = LINE.slice(0, 40);

  test.each([
    ['40 characters of base64', wide, 0],
    ['40 characters of base64 and spaces', `${wide}  `, 0],
    ['39 characters of base64', wide.slice(1), 1],
    ['39 characters of base64 after a sign', `:${wide.slice(1)}`, 1],
    ['base64 without capitals', wide.toLowerCase(), 1],
    ['base64 without small letters', wide.toUpperCase(), 1],
    ['letters without digits', wide.replaceAll(/\d/g, 'x'), 1],
  ])('is shown at once, or not, after a line with %s', (_, line, shown) => {
    expect(blocksOf(line)).toHaveLength(shown);
  });

  test('has at most the number of lines of a key', () => {
    const lines = Array.from({ length: MAX_LINES }, () => LINE);
    expect(blocksOf(...lines.slice(1))).toStrictEqual([]);
    expect(blocksOf(...lines)).toStrictEqual([lines.join('\n')]);
  });
});
