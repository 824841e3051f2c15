import './node-version.js';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import process from 'node:process';
import { marked } from 'marked';
import { type Browser, chromium } from 'playwright-core';

// Renders the recorded job summaries as a page of GitHub shows them, with Mermaid diagrams, into docs/images.

const RECORDED = 'test/unit/report/recorded';
const IMAGES = 'docs/images';
/** The width of the column that GitHub gives a job summary. */
const WIDTH = 1000;

const require = createRequire(import.meta.url);

const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-sync'],
});
try {
  for (const name of (await readdir(RECORDED)).sort()) {
    const path = join(IMAGES, `summary-${basename(name, '.md')}.png`);
    await screenshot(browser, await readFile(join(RECORDED, name), 'utf8'), path);
    process.stdout.write(`${path}\n`);
  }
} finally {
  await browser.close();
}

async function screenshot(browser: Browser, markdown: string, path: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: WIDTH + 100, height: 800 }, deviceScaleFactor: 1.5 });
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  const css = await readFile(require.resolve('github-markdown-css/github-markdown-light.css'), 'utf8');
  await page.setContent(`<!doctype html><meta charset="utf-8"><style>${css} article { padding: 24px 32px; width: ${WIDTH}px }</style>
    <article class="markdown-body">${await htmlOf(markdown)}</article>`);
  await page.addScriptTag({ path: join(require.resolve('mermaid'), '../mermaid.min.js') });
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
