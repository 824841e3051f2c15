import { describe, expect, test } from '@jest/globals';
import {
  block,
  countRepeats,
  EMPTY,
  fenced,
  folded,
  joinMarkdown,
  md,
  shortenMarkdown,
  strong,
  table,
} from '../../../src/text/markdown.ts';

const NOTE = '\n(shortened)';

describe('a part of a document', () => {
  test.each([
    ['bold text without a word', strong('  ')],
    ['a block without lines', block([])],
    ['a folded part without content', folded('title', md` \n`)],
    ['a table without rows', table(['a', 'b'], [])],
    ['a join of nothing', joinMarkdown([], ', ')],
  ])('is empty: %s', (_, part) => {
    expect(part.text).toBe('');
    expect(part.isEmpty).toBe(true);
    expect(EMPTY.isEmpty).toBe(true);
  });

  test.each([
    ['numbers and lists of parts', md`a ${1} ${[md`b`, md`*c*`]}`, 'a 1 b*c*'],
    ['bold text, without the spaces around it', strong(' a '), '**a**'],
    ['one empty line as a block', block(['']), '<pre></pre>\n'],
    ['a table of one row', table(['a', 'b'], [['1', md`*2*`]]), '| a | b |\n| --- | --- |\n| 1 | *2* |\n'],
    ['a folded part', folded('t', md`x`), '<details><summary>t</summary>\n\nx\n</details>\n'],
    [
      'a folded part with a bold word',
      folded('a t', md`x`, 't'),
      '<details><summary>a <b>t</b></summary>\n\nx\n</details>\n',
    ],
    ['a fence of three backticks', fenced('sh', 'a'), '```sh\na\n```\n'],
    ['a fence of three around two backticks', fenced('sh', '``'), '```sh\n``\n```\n'],
    ['a fence that is longer than its content', fenced('sh', '```'), '````sh\n```\n````\n'],
  ])('is %s', (_, part, text) => {
    expect(part.text).toBe(text);
    expect([String(part), JSON.stringify(part), part.isEmpty]).toEqual([text, JSON.stringify(text), false]);
  });
});

describe('equal log lines', () => {
  test.each([
    ['stay alone if there is one of them', ['a', 'b'], ['a', 'b']],
    ['are counted if there are two', ['a', 'b', 'a'], ['a (2 times)', 'b']],
    [
      'may differ in their time and the number of the connection',
      ['2026/01/02 03:04:05.678 cid:1 x', '2026/01/02 03:04:06 cid:22 x', '2026/01/02 03:04:06 cid:22 y'],
      ['2026/01/02 03:04:05.678 cid:1 x (2 times)', '2026/01/02 03:04:06 cid:22 y'],
    ],
    ['do not exist among no lines', [], []],
  ])('%s', (_, lines, counted) => {
    expect(countRepeats(lines)).toEqual(counted);
  });
});

describe('a document that is too long', () => {
  const LONG = 'x'.repeat(200);

  /** A document, the lines that it keeps, and the lines that close its open parts. */
  test.each<readonly [rule: string, kept: readonly string[], closing: readonly string[]]>([
    ['closes a folded part', ['<details><summary>a</summary>', '', 'b'], ['</details>']],
    ['closes a fence', ['```yaml', 'b'], ['```']],
    ['closes a longer fence, which a shorter one does not close', ['````yaml', '```', 'b'], ['````']],
    ['closes a block', ['<pre>a', 'b'], ['</pre>']],
    ['closes the inner part first', ['<details>', '```sh', 'b'], ['```', '</details>']],
    ['keeps tags within a fence as text', ['```yaml', '<details>', '<pre>', 'b'], ['```']],
    ['keeps a fence within a block as text', ['<pre>a', '```', 'b'], ['</pre>']],
    ['closes nothing after the end of an inner part', ['<details>', '```sh', 'b', '```', 'c'], ['</details>']],
    ['closes nothing after the end of an inner block', ['<details>', '<pre>a', 'b</pre>', 'c'], ['</details>']],
    ['closes nothing after a block on one line', ['<details>', '<pre>a</pre>', 'c'], ['</details>']],
    ['closes the outer of two folded parts', ['<details>', '<details>', '</details>', 'c'], ['</details>']],
  ])('%s', (_, kept, closing) => {
    const shortened = [...kept, ...closing, NOTE].join('\n');
    const document = [...kept, LONG, ...closing].join('\n');
    const most = Buffer.byteLength(shortened);
    expect(shortenMarkdown(document, most)).toBe(shortened);
    expect(Buffer.byteLength(shortenMarkdown(document, most - 1))).toBeLessThan(most);
    expect(shortenMarkdown(document, most - 1)).not.toContain(`\n${kept.at(-1)}\n`);
  });

  test.each([
    ['a fence', ['```yaml', 'a', '```', 'b']],
    ['a block', ['<pre>a', '</pre>', 'b']],
    ['a folded part', ['<details>', 'a', '</details>', 'b']],
    ['a line that mentions a tag', ['a <pre> <details>', 'b']],
  ])('closes nothing after the end of %s', (_, kept) => {
    const shortened = [...kept, NOTE].join('\n');
    expect(shortenMarkdown([...kept, LONG].join('\n'), Buffer.byteLength(shortened) + 1)).toBe(shortened);
  });

  test('stays unchanged if it has exactly as many bytes as it may have', () => {
    const document = `ä\n${LONG}`;
    expect(shortenMarkdown(document, Buffer.byteLength(document))).toBe(document);
    expect(shortenMarkdown(document, Buffer.byteLength(document) - 1)).toBe(`ä\n${NOTE}`);
  });
});
