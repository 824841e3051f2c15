import { describe, expect, test } from '@jest/globals';
import {
  escapeHtml,
  escapeInline,
  escapeLabel,
  escapePreformatted,
  formatCodeSpan,
  measureBackticks,
  splitVisibleLines,
} from '../../../src/text/markdown-escape.ts';

const BREAK = '&#8203;';
const MAX_SHOWN = 16_384;

describe('a text in a line of Markdown', () => {
  test.each([
    ['has one line break for each line end', 'a\nb\r\nc', 'a<br>b<br>c'],
    ['has one empty line for several', 'a\n\n\n\nb', 'a<br><br>b'],
    ['has one space at each end for several', '  a  ', ' a '],
    ['has no space at an end without one', 'a', 'a'],
    ['has a space only at its begin', '\ta', ' a'],
    ['has a space only at its end', 'a\t', 'a '],
    ['is empty if it has only spaces', ' \t ', ''],
    ['keeps underscores within words', 'a_b_1', 'a_b_1'],
    ['escapes an underscore at its begin', '_a', '\\_a'],
    ['escapes an underscore at its end', 'a_', 'a\\_'],
    ['escapes underscores next to one another', 'a__b', 'a\\_\\_b'],
    ['escapes an underscore next to a sign', 'a_-b', 'a\\_-b'],
    ['escapes a lone underscore', '_', '\\_'],
    ['keeps a code span', 'a `b_c` d', 'a `b_c` d'],
    ['keeps two code spans', '`a` and `b`', '`a` and `b`'],
    ['escapes a backtick without a partner', 'a ` b_', 'a &#96; b\\_'],
    ['escapes the last of three backticks', '`a` ` b', '`a` &#96; b'],
    ['escapes a code span without content', 'a ` ` b', 'a &#96; &#96; b'],
    ['pairs backticks only within a line', 'a ` b\nc ` d', 'a &#96; b<br>c &#96; d'],
    ['escapes the sign of a list', '- a', '\\- a'],
    ['escapes a lone sign of a list', '+', '\\+'],
    ['keeps a hyphen before a word', '-a', '-a'],
    ['escapes an underline', '==', '\\=='],
    ['keeps an equals sign before a word', '=a', '=a'],
    ['escapes the number of a list', '1. a', '1\\. a'],
    ['keeps a number with a fraction', '1.5', '1.5'],
  ])('%s', (_, text, shown) => {
    expect(escapeInline(text)).toBe(shown);
  });

  test.each([
    ['a person', '@a', `@${BREAK}a`],
    ['an issue', 'a #1', `a \\#${BREAK}1`],
    ['a URL', 'https://a', `https:${BREAK}//a`],
    ['a host', 'www.a', `www${BREAK}.a`],
    ['an emoji', ':a:', `:${BREAK}a:`],
    ['an emoji of a number', ':100:', `:${BREAK}100:`],
    ['another emoji of a number', ':1234:', `:${BREAK}1234:`],
  ])('breaks a reference to %s', (_, text, shown) => {
    expect(escapeInline(text)).toBe(shown);
  });

  test.each([
    ['a line and a column', 'nats.conf:101:7'],
    ['a time', '12:00:00'],
    ['a port', 'a:4222'],
    ['a label', 'a: b'],
  ])('keeps %s, which is no reference', (_, text) => {
    expect(escapeInline(text)).toBe(text);
  });

  test('is shortened beyond the longest text', () => {
    expect(escapeInline('a'.repeat(MAX_SHOWN))).toBe('a'.repeat(MAX_SHOWN));
    expect(escapeInline('a'.repeat(MAX_SHOWN + 1))).toContain('1 more characters');
  });
});

describe('a code span', () => {
  test.each([
    ['has one backtick at each end', 'a', '`a`'],
    ['has one more backtick than its content', 'a`b``c', '```a`b``c```'],
    ['has a space next to a backtick at the begin', '`a', '`` `a ``'],
    ['has a space next to a backtick at the end', 'a`', '`` a` ``'],
    ['shows spaces at both ends', ' a ', '`  a  `'],
    ['needs no padding for a space at the begin', ' a', '` a`'],
    ['needs no padding for a space at the end', 'a ', '`a `'],
    ['needs no padding for spaces alone', '  ', '`  `'],
    ['has a space for each end if it is empty', '', '`  `'],
    ['is on one line', 'a\nb', '`a b`'],
    ['is HTML if it contains a pipe', 'a|`_', "<code>a\\|'\\_</code>"],
  ])('%s', (_, text, span) => {
    expect(formatCodeSpan(text)).toBe(span);
  });
});

test.each([
  ['', 0],
  ['a', 0],
  ['`', 1],
  ['a``b`c', 2],
  ['`a```', 3],
  ['``` `', 3],
])('the longest run of backticks in %j has the length %d', (text, length) => {
  expect(measureBackticks(text)).toBe(length);
});

describe('another place of a text', () => {
  test('shows U+FFFD for an invisible character, and keeps the tab', () => {
    expect(splitVisibleLines('a\tb\0c\u202Ed\uD800')).toEqual(['a\tb\uFFFDc\uFFFDd\uFFFD']);
  });

  test('escapes the tags of HTML', () => {
    expect(escapeHtml('<a href="b">&\nc')).toBe('&lt;a href=&quot;b&quot;&gt;&amp; c');
    expect(escapePreformatted(['<a>', 'b\n&'])).toBe('&lt;a&gt;\nb\n&amp;');
  });

  test('escapes the signs of a diagram as entity codes', () => {
    expect(escapeLabel('é × 1_a.b\n"]')).toBe('é × 1_a.b #34;#93;');
  });
});
