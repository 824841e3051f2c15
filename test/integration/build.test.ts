import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from '@jest/globals';
import { runProgram } from '../support/program.ts';
import { inSourceTree } from '../support/source-tree.ts';

async function filesOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(folder)).sort();
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'latin1')] as const)),
  );
}

test('two builds in different folders write the committed bytes', async () => {
  const committed = await filesOf(new URL('../../dist', import.meta.url).pathname);
  for (let round = 0; round < 2; round += 1) {
    await inSourceTree(async (root) => {
      await runProgram('rm', ['-r', 'dist'], { cwd: root });
      const { exitCode, output } = await runProgram(process.execPath, ['tools/build.ts'], { cwd: root });
      expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
      const built = await filesOf(join(root, 'dist'));
      expect([...built.keys()]).toEqual([...committed.keys()]);
      for (const [name, content] of built) expect([name, content === committed.get(name)]).toEqual([name, true]);
    });
  }
});

test('the build names each file of dist/ that differs from the result of the sources', async () => {
  await inSourceTree(async (root) => {
    await runProgram('cp', ['action.yml', 'dist/left-over.js'], { cwd: root });
    const { exitCode, output } = await runProgram(process.execPath, ['tools/build.ts', '--check'], { cwd: root });
    expect(exitCode).toBe(1);
    expect(output).toContain('left-over.js');
  });
});

test('the bundle is at most 5 MB, not minified, and names the licence of each package in it', async () => {
  const files = await filesOf(new URL('../../dist', import.meta.url).pathname);
  const scripts = [...files].filter(([name]) => name.endsWith('.js'));
  expect(scripts.reduce((sum, [, { length }]) => sum + length, 0)).toBeLessThanOrEqual(5_000_000);
  expect(files.get('index.js')).toMatch(/\n\/\/ src\/main\.ts\n/);
  for (const name of ['@actions/core', 'yaml']) expect(files.get('licenses.txt')).toContain(`\n${name} `);
});
