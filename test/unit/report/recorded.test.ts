import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const FOLDER = 'test/unit/report/recorded';
const names = await readdir(FOLDER);
const recorded = await Promise.all(
  names.map(async (name) => ({ name, text: await readFile(`${FOLDER}/${name}`, 'utf8') })),
);

/** The mark of each summary that `npm run record-summaries` keeps. */
const BEGINNINGS: Readonly<Record<string, string>> = {
  'cancelled.md': '## 🚫',
  'green.md': '## ✅',
  'plan.md': '## 📋 Plan for',
  'red.md': '## ❌',
  'rotate.md': '## ✅',
};

describe('the recorded summaries of real runs', () => {
  test('begin with the mark of their result', () => {
    const beginnings = recorded.map(({ name, text }) => [name, text.slice(0, text.indexOf(' NATS'))]);
    expect(beginnings).toEqual(names.map((name) => [name, BEGINNINGS[name]]));
  });

  test('have a picture each, in light and dark', async () => {
    const images = (await readdir('docs/images')).filter((name) => name.startsWith('summary-'));
    const expected = names.flatMap((name) =>
      ['', '-dark'].map((suffix) => `summary-${basename(name, '.md')}${suffix}.png`),
    );
    expect(images.toSorted()).toEqual(expected.toSorted());
  });

  test.each(recorded)('contain no key, no token and no address of the recording machine: $name', ({ text }) => {
    expect(text).not.toMatch(/PRIVATE KEY|eyJ[\w-]{20}|127\.0\.0\.1|\/root|\/home|\/tmp/);
  });

  test('contain the current parts of a successful run', () => {
    const green = recorded.find(({ name }) => name === 'green.md')?.text ?? '';
    const parts = ['### What changed', '```mermaid', '### Certificates', '### Connect', 'Timings: '];
    expect(parts.filter((part) => !green.includes(part))).toEqual([]);
  });
});
