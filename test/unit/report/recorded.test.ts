import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';

const FOLDER = 'test/unit/report/recorded';
const names = await readdir(FOLDER);
const recorded = await Promise.all(
  names.map(async (name) => ({ name, text: await readFile(`${FOLDER}/${name}`, 'utf8') })),
);

describe('the recorded summaries of real runs', () => {
  test('include a successful, a failed and a cancelled run, each with a picture', async () => {
    const beginnings = Object.fromEntries(
      recorded.map(({ name, text }) => [name, text.slice(0, text.indexOf(' NATS'))]),
    );
    expect(beginnings).toEqual({ 'cancelled.md': '## 🚫', 'green.md': '## ✅', 'red.md': '## ❌' });
    const images = (await readdir('docs/images')).filter((name) => name.startsWith('summary-'));
    expect(images.toSorted()).toEqual(['summary-cancelled.png', 'summary-green.png', 'summary-red.png']);
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
