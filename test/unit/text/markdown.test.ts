import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { renderMeshDiagram } from '../../../src/report/tables.ts';
import {
  block,
  code,
  fenced,
  folded,
  type Markdown,
  md,
  shortenMarkdown,
  strong,
  table,
} from '../../../src/text/markdown.ts';
import { diagramsOf, findMermaidProblems } from '../../support/mermaid.ts';
import { referencesIn, renderMarkdown } from '../../support/rendered-markdown.ts';

/** Each rule of Markdown, HTML and GitHub that a text may try to use. */
const HOSTILE: readonly (readonly [string, string])[] = [
  ['a link', '[read this](https://evil.example/login)'],
  ['a link by reference', '[x]: https://evil.example\n[x]'],
  ['an image', '![x](https://evil.example/x.png)'],
  ['a bare URL', 'see https://evil.example/login, http://evil.example and ftp://evil.example'],
  ['a bare host', 'see www.evil.example'],
  ['an address', 'write to mail@evil.example'],
  ['a URL in angle brackets', '<https://evil.example>'],
  ['a person', 'ask @octocat'],
  ['a team', 'ask @org/security-team, (@octocat) and /@octocat'],
  ['an issue', '#123, org/repo#1 and GH-7'],
  ['an emoji', ':tada: nats.conf:100:1'],
  ['an emoji whose name ends in a sign', 'x:a_: y, :_a: and :a_b_:'],
  ['a heading', '# forged'],
  ['a heading after CR', 'denied\r\r# forged'],
  ['a heading after CRLF', 'denied\r\n\r\n# forged\r\n\r\nnothing'],
  ['a heading after line feeds', 'denied \n\n\n# forged'],
  ['a heading after U+2028', 'denied\u2028\u2028# forged'],
  ['a heading after NEL, VT and FF', 'denied\u0085# forged\v# forged\f# forged'],
  ['an underlined heading', 'forged\n===\nforged\n---\n'],
  ['an underline', '==='],
  ['a rule', '---'],
  ['a list', '- one\n- two'],
  ['a numbered list', '1. one'],
  ['a task', '[x] done'],
  ['a quote', '> quoted'],
  ['an alert', '> [!CAUTION]\n> x'],
  ['a tag', '<img src=x onerror=alert(1)><script>alert(1)</script><h1>forged</h1>'],
  ['the end of a part', '</details></summary></pre></code></td></table>'],
  ['a comment', '<!-- hidden --> x <!-- '],
  ['a fence', '```\n# forged\n```'],
  ['a fence of tildes', '~~~\n# forged'],
  ['a diagram', '```mermaid\nflowchart LR\n  a --> b\n```'],
  ['indented code', '    code'],
  ['emphasis', '*a* **b** _c_ __d__ ~~e~~ ~f~'],
  ['a footnote', 'x[^1]\n\n[^1]: y'],
  ['a formula', '$x$ and $$y$$'],
  ['a cell', 'a | b || c'],
  ['a cell after a backslash', 'a\\|b\\\\| c'],
  ['a table', 'a | b\n--- | ---\n1 | 2'],
  ['a backtick', 'a` [x](https://evil.example) `b'],
  ['two backticks', '``a` <b> ``'],
  ['a code span with a pipe', '`a | b`'],
  ['an open code span', 'a `b [x](https://evil.example)'],
  ['an entity', '&lt;b&gt; &#64;octocat &commat;octocat'],
  ['NUL and escape sequences', 'a\0b \u001B[31mred'],
  ['a bidirectional override', 'a\u202Eb\u2066c'],
  ['half a surrogate', 'a\uD800b'],
  ['nothing', ''],
  ['spaces', '   \t '],
];

type Place = { readonly made: (text: string) => Markdown; readonly elements: readonly string[] };

/** All places of external texts, and the elements of each place. */
const PLACES: Readonly<Record<string, Place>> = {
  paragraph: { made: (text) => md`${text}\n`, elements: ['p'] },
  'after a word': { made: (text) => md`**Cause:** ${text}\n`, elements: ['p', 'strong'] },
  heading: { made: (text) => md`## NATS ${text}\n`, elements: ['h2'] },
  list: { made: (text) => md`- ${text}\n`, elements: ['ul', 'li'] },
  'bold text': { made: (text) => md`${strong(text)}\n`, elements: ['p', 'strong'] },
  'code span': { made: (text) => md`see ${code(text)}\n`, elements: ['p'] },
  block: { made: (text) => block([text, text]), elements: ['pre'] },
  'fenced block': { made: (text) => fenced('yaml', text), elements: ['pre', 'code'] },
  title: { made: (text) => folded(text, md`x`), elements: ['details', 'summary', 'p'] },
};

const CELLS = ['table', 'thead', 'tr', 'th', 'th', 'tbody', 'tr', 'td', 'td', 'tr', 'td', 'td'];
const HARMLESS = ['br', 'code'];

describe.each(HOSTILE)('%s', (_, text) => {
  test.each(Object.entries(PLACES))('stays text in a %s', async (__, { made, elements }) => {
    const rendered = await renderMarkdown(made(text).text);
    expect(rendered.elements.filter((element) => !HARMLESS.includes(element) && !elements.includes(element))).toEqual(
      [],
    );
    expect(referencesIn(rendered)).toEqual([]);
    expect(rendered.attributes.filter((attribute) => attribute !== 'code class=language-yaml')).toEqual([]);
  });

  test('stays text in two cells of a table', async () => {
    const made = table(
      ['object', ''],
      [
        [code(text), text],
        [text, md`**x**: ${code(text)}`],
      ],
    );
    const rendered = await renderMarkdown(made.text);
    expect(rendered.elements.filter((element) => !HARMLESS.includes(element) && element !== 'strong')).toEqual(CELLS);
    expect(referencesIn(rendered)).toEqual([]);
    expect(rendered.attributes).toEqual([]);
  });
});

test('a foreign text is shown as it is', async () => {
  const texts = [
    'a_b *c* [d](e) #1 @f \\ | ~ $g <h> &amp; i:j:k',
    '1. x',
    '- x',
    'x@y.z',
    'https://x.y/z?a=b#c',
    '100% = 1',
  ];
  for (const text of texts) {
    const { text: seen } = await renderMarkdown(md`see ${text}`.text);
    expect(seen.replaceAll('\u200B', '').trim()).toBe(`see ${text}`);
  }
});

test('any combination of these texts stays text', async () => {
  const parts = HOSTILE.map(([, text]) => text);
  const signs = [...'`|\\<>[]()#@*_~-=+!&:;$\r\n\u2028 '.split(''), '```', 'www.', '//', '1.', 'a', '\t', '    '];
  const text = fc.array(fc.constantFrom(...parts, ...signs), { maxLength: 12 }).map((pieces) => pieces.join(''));
  await fc.assert(
    fc.asyncProperty(text, fc.constantFrom(...Object.values(PLACES)), async (hostile, { made, elements }) => {
      const rendered = await renderMarkdown(made(hostile).text);
      expect(rendered.elements.filter((each) => !HARMLESS.includes(each) && !elements.includes(each))).toEqual([]);
      expect(referencesIn(rendered)).toEqual([]);
    }),
    { numRuns: 3000, seed: 19 },
  );
});

test('a document that is shortened at any place is still valid, and fits', async () => {
  const hostile = '`[x](https://evil.example) @octocat\n\n# forged\n</pre></details>\n```\n![x](https://evil.example)';
  const blocks = md`${block([hostile, hostile])}\n${fenced('yaml', hostile)}\n`;
  const cells = table(['object'], [[hostile], [code(hostile)]]);
  const document = md`## NATS ${hostile}\n\n${hostile}\n\n${folded(hostile, md`${blocks}${folded('b', blocks)}`)}${cells}`;
  const made = 'h2 p details summary pre code br table thead tbody tr th td'.split(' ');
  for (let most = 40; most < document.text.length; most += 7) {
    const shortened = shortenMarkdown(document.text, most);
    expect(Buffer.byteLength(shortened)).toBeLessThanOrEqual(most);
    const rendered = await renderMarkdown(shortened);
    expect(rendered.elements.filter((element) => !made.includes(element))).toEqual([]);
    expect(referencesIn(rendered)).toEqual([]);
    expect(rendered.text).toMatch(/\(shortened\)\s*$/);
  }
  expect(shortenMarkdown(document.text, 2 ** 20)).toBe(document.text);
});

test('our own texts keep their code spans, and foreign texts get none', async () => {
  const { elements, text } = await renderMarkdown(md`**Next:** ${'Set `image` to `a` | b, not to ` c'}`.text);
  expect(elements).toEqual(['p', 'strong', 'code', 'code']);
  expect(text.trim()).toBe('Next: Set image to a | b, not to ` c');
});

test('labels of a diagram stay labels', async () => {
  const names = ['a"] --> b', 'click n0 "https://evil.example"', '`**x**`', '<b>x</b>', 'x;y%%{init: {}}%%', 'é × #1'];
  const diagrams = diagramsOf(fenced('mermaid', renderMeshDiagram(names, [])).text);
  expect(await findMermaidProblems(diagrams)).toEqual(['']);
  expect(diagrams.join('').match(/^ {2}n\d\(\["[^"]*"\]\)$/gm)).toHaveLength(names.length);
  expect(diagrams.join('').match(/[`%{}&]/g)).toBeNull();
});
