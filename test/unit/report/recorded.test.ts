import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';

const FOLDER = 'test/unit/report/recorded';
const names = await readdir(FOLDER);
const recorded = await Promise.all(
  names.map(async (name) => ({ name, text: await readFile(`${FOLDER}/${name}`, 'utf8') })),
);

describe('the recorded summaries of real runs', () => {
  test('are of a green, a red and a cancelled one, and each has its picture', async () => {
    const beginnings = Object.fromEntries(
      recorded.map(({ name, text }) => [name, text.slice(0, text.indexOf(' NATS'))]),
    );
    expect(beginnings).toEqual({ 'cancelled.md': '## 🚫', 'green.md': '## ✅', 'red.md': '## ❌' });
    const images = (await readdir('docs/images')).filter((name) => name.startsWith('summary-'));
    expect(images.toSorted()).toEqual(['summary-cancelled.png', 'summary-green.png', 'summary-red.png']);
  });

  test.each(recorded)('$name holds no key, no token, and no address of the machine it was recorded on', ({ text }) => {
    expect(text).not.toMatch(/PRIVATE KEY|eyJ[\w-]{20}|127\.0\.0\.1|\/root|\/home|\/tmp/);
  });

  test('the parts of today are in the green one', () => {
    const green = recorded.find(({ name }) => name === 'green.md')?.text ?? '';
    const parts = ['### What changed', '```mermaid', '### Certificates', '### Connect', 'Timings: '];
    expect(parts.filter((part) => !green.includes(part))).toEqual([]);
  });
});
