import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((path) => path !== '');

/** Files whose texts name other files of this repository: documents, and the comments of code. */
const readers = files.filter(
  (path) => /^(?:src|test|tools|bench)\/.*\.ts$|^(?:docs\/.*|[A-Z]+)\.md$/.test(path) && !path.includes('/results/'),
);

/** Returns the lines of a document, or the comment lines of code. */
function linesOf(path: string): readonly string[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return path.endsWith('.ts') ? lines.filter((line) => /^\s*(?:\*|\/\/|\/\*)/.test(line)) : lines;
}

/** Checks whether a file of the repository has this path, or a path that ends with it. */
function exists(named: string): boolean {
  return files.some((path) => path === named || path.endsWith(`/${named}`));
}

test('documents and comments name only TypeScript files that exist', () => {
  const missing = readers.flatMap((path) =>
    linesOf(path).flatMap((line) =>
      [...line.matchAll(/`((?:[\w.-]+\/)*[\w.-]+\.ts)`/g)]
        .map(([, named = '']) => named)
        .filter((named) => !exists(named))
        .map((named) => `${path}: ${named}`),
    ),
  );
  expect(missing).toEqual([]);
});

test('docs/architecture.md names only modules and folders that exist', () => {
  const text = readFileSync('docs/architecture.md', 'utf8');
  const modules = [...text.matchAll(/\*\*([a-z]+(?:-[a-z]+)+)\*\*/g)].map(([, name = '']) => name);
  const folders = [...text.matchAll(/`((?:src|commands|test|tools)\/(?:[\w-]+\/)*)`/g)].map(([, name = '']) => name);
  expect(modules.filter((name) => !exists(`${name}.ts`))).toEqual([]);
  expect(folders.filter((name) => !files.some((path) => `/${path}`.includes(`/${name}`)))).toEqual([]);
});
