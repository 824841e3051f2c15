import './node-version.js';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import process from 'node:process';
import { marked } from 'marked';
import { type Browser, chromium } from 'playwright-core';

// Renders the recorded job summaries and the diagrams of the documents as GitHub shows them, light and dark, into
// docs/images: `summary-green.png` and `summary-green-dark.png`, `diagram-architecture-1.png` and so on.

const RECORDED = 'test/unit/report/recorded';
const DOCUMENTS = 'docs';
const IMAGES = 'docs/images';
/** The width of the column that GitHub gives a job summary. */
const WIDTH = 1000;

const require = createRequire(import.meta.url);

type Theme = { readonly style: string; readonly diagram: 'default' | 'dark'; readonly suffix: string };

const THEMES: readonly Theme[] = [
  { style: require.resolve('github-markdown-css/github-markdown-light.css'), diagram: 'default', suffix: '' },
  { style: require.resolve('github-markdown-css/github-markdown-dark.css'), diagram: 'dark', suffix: '-dark' },
];

type Picture = { readonly name: string; readonly markdown: string };

const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-sync'],
});
try {
  for (const { name, markdown } of [...(await readSummaries()), ...(await readDiagrams())]) {
    for (const theme of THEMES) {
      const path = join(IMAGES, `${name}${theme.suffix}.png`);
      await takeScreenshot(browser, markdown, theme, path);
      process.stdout.write(`${path}\n`);
    }
  }
} finally {
  await browser.close();
}

async function readSummaries(): Promise<readonly Picture[]> {
  const names = (await readdir(RECORDED)).sort();
  const read = names.map(async (name) => {
    return { name: `summary-${basename(name, '.md')}`, markdown: await readFile(join(RECORDED, name), 'utf8') };
  });
  return await Promise.all(read);
}

/** Returns each diagram of the documents as a picture of its own. */
async function readDiagrams(): Promise<readonly Picture[]> {
  const documents = (await readdir(DOCUMENTS)).filter((name) => name.endsWith('.md')).sort();
  const read = documents.map(async (document) => {
    const blocks = (await readFile(join(DOCUMENTS, document), 'utf8')).match(/^```mermaid\n[\s\S]*?^```$/gm) ?? [];
    return blocks.map((markdown, index) => ({ name: `diagram-${basename(document, '.md')}-${index + 1}`, markdown }));
  });
  return (await Promise.all(read)).flat();
}

async function takeScreenshot(browser: Browser, markdown: string, theme: Theme, path: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: WIDTH + 100, height: 800 }, deviceScaleFactor: 1.5 });
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  const css = await readFile(theme.style, 'utf8');
  await page.setContent(`<!doctype html><meta charset="utf-8"><style>${css} article { padding: 24px 32px; width: ${WIDTH}px }</style>
    <article class="markdown-body">${await htmlOf(markdown)}</article>`);
  await page.addScriptTag({ path: join(require.resolve('mermaid'), '../mermaid.min.js') });
  await page.evaluate(`mermaid.initialize({ startOnLoad: false, theme: '${theme.diagram}' })`);
  await page.evaluate('mermaid.run({ querySelector: ".mermaid" })');
  const { length } = await page.locator('.mermaid svg').all();
  const expected = (markdown.match(/^```mermaid$/gm) ?? []).length;
  if (problems.length > 0 || length !== expected) {
    throw new Error(`${path}: ${length} of ${expected} diagrams are drawn: ${problems.join('; ')}`);
  }
  await page.locator('article').screenshot({ path });
  await page.close();
}

/** Converts Markdown to HTML. Mermaid renders the diagrams. */
async function htmlOf(markdown: string): Promise<string> {
  const html = await marked.parse(markdown, { gfm: true });
  return html.replaceAll('<pre><code class="language-mermaid">', '<pre class="mermaid">');
}
