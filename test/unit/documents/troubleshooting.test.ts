import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const errors = await readFile('src/errors/action-error.ts', 'utf8');
const details = /export type ErrorDetails = \{([^]*?)^\};/m.exec(errors)?.[1] ?? '';
const codes = [...details.matchAll(/^ {2}readonly ([A-Z_]+):/gm)].map(([, code = '']) => code);

const readme = await readFile('README.md', 'utf8');
const section = /^## Troubleshooting$([^]*?)^## /m.exec(readme)?.[1] ?? '';
const rows = [...section.matchAll(/^\| `([A-Z_]+)` \| (.+?) \| (.+?) \|$/gm)].map(
  ([, code = '', means = '', first = '']) => ({
    code,
    means,
    first,
  }),
);

async function sources(folder: string): Promise<string> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts'));
  return (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('\n');
}

describe('the troubleshooting of the README', () => {
  test('has a row for each code, and none for others', () => {
    expect(codes.length).toBeGreaterThan(20);
    expect(rows.map(({ code }) => code).toSorted()).toEqual(codes.toSorted());
  });

  test.each(rows)('$code says what it means and what to do first', ({ means, first }) => {
    expect(means.length).toBeGreaterThan(15);
    expect(first).toMatch(/\.$/);
  });

  test('names reasons that there are', async () => {
    const text = await sources('src');
    const reasons = rows.flatMap(({ means }) =>
      [...means.matchAll(/`([A-Z][a-z]\w+)`/g)].map(([, reason = '']) => reason),
    );
    expect(reasons.length).toBeGreaterThan(15);
    expect(reasons.filter((reason) => !text.includes(`'${reason}'`))).toEqual([]);
  });
});
