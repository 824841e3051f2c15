import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from '@jest/globals';
import { runProgram } from '../support/program.ts';
import { inSourceTree } from '../support/source-tree.ts';

type Mistake = {
  readonly rule: string;
  readonly check: string;
  readonly file: string;
  readonly source: string;
  readonly says: string;
};

const MISTAKES: readonly Mistake[] = [
  {
    rule: 'the core imports an edge',
    check: 'lint',
    file: 'src/inputs/mistake-1.ts',
    source: "import { createRunner } from '../runner/runner.ts';\nexport const port = createRunner;\n",
    says: 'no-restricted-imports',
  },
  {
    rule: 'the core imports an edge from two folders up',
    check: 'lint',
    file: 'src/inputs/rows/mistake-2.ts',
    source: "import { createRunner } from '../../runner/runner.ts';\nexport const port = createRunner;\n",
    says: 'no-restricted-imports',
  },
  {
    rule: 'the core imports a client',
    check: 'lint',
    file: 'src/pki/mistake-3.ts',
    source: "import { info } from '@actions/core';\nexport const print = info;\n",
    says: 'no-restricted-imports',
  },
  {
    rule: 'the core reads the clock',
    check: 'lint',
    file: 'src/manifests/mistake-4.ts',
    source: 'export const now = (): Date => new Date();\n',
    says: 'no-clock',
  },
  {
    rule: 'the core draws random bytes',
    check: 'lint',
    file: 'src/pki/mistake-5.ts',
    source: "import { randomBytes } from 'node:crypto';\nexport const serial = randomBytes(16);\n",
    says: 'no-restricted-imports',
  },
  {
    rule: 'a promise is not awaited',
    check: 'lint',
    file: 'src/commands/mistake-6.ts',
    source: "import { rm } from 'node:fs/promises';\nexport function remove(path: string): void {\n  rm(path);\n}\n",
    says: 'no-floating-promises',
  },
  {
    rule: 'a switch lacks a case',
    check: 'lint',
    file: 'src/commands/mistake-7.ts',
    source: "export function f(k: 'a' | 'b'): void {\n  switch (k) {\n    case 'a':\n      break;\n  }\n}\n",
    says: 'switch-exhaustiveness-check',
  },
  {
    rule: 'code asserts a type',
    check: 'lint',
    file: 'src/commands/mistake-8.ts',
    source: "export const n = JSON.parse('1') as number;\n",
    says: 'consistent-type-assertions',
  },
  {
    rule: 'an export is not used',
    check: 'unused',
    file: 'src/inputs/grammar/violations.ts',
    source: "\nexport const mistake = 'unused';\n",
    says: 'mistake',
  },
  {
    rule: 'a file is not imported',
    check: 'unused',
    file: 'src/inputs/mistake-9.ts',
    source: "export const mistake = 'unused';\n",
    says: 'src/inputs/mistake-9.ts',
  },
  {
    rule: 'action.yml is edited by hand',
    check: 'generated',
    file: 'action.yml',
    source: '# edited\n',
    says: 'action.yml differs',
  },
  {
    rule: 'a type is wrong',
    check: 'types',
    file: 'src/commands/mistake-11.ts',
    source: "export const n: number = 'one';\n",
    says: 'src/commands/mistake-11.ts',
  },
  {
    rule: 'a file is not formatted',
    check: 'format',
    file: 'src/commands/mistake-13.ts',
    source: 'export const a = {b:"c"}\n',
    says: 'src/commands/mistake-13.ts',
  },
];

async function check(root: string, name: string) {
  return runProgram(process.execPath, ['tools/check.ts', name], { cwd: root });
}

/** Checks whether the report names the mistake's file and its rule in the same paragraph. */
function names(output: string, { file, says }: Mistake): boolean {
  const paragraphs = output.split(/\n\s*\n/);
  return paragraphs.some((paragraph) => paragraph.includes(file) && paragraph.includes(says));
}

test.each([...new Set(MISTAKES.map((mistake) => mistake.check))])(
  'the check of %s fails for each mistake',
  async (name) => {
    const mistakes = MISTAKES.filter((mistake) => mistake.check === name);
    await inSourceTree(async (root) => {
      const before = await check(root, name);
      expect(mistakes.filter((mistake) => names(before.output, mistake))).toEqual([]);
      for (const { file, source } of mistakes) {
        await (file.includes('mistake') ? writeFile : appendFile)(join(root, file), source);
      }
      const after = await check(root, name);
      expect(after.exitCode).toBe(1);
      expect(mistakes.filter((mistake) => !names(after.output, mistake)).map(({ rule }) => rule)).toEqual([]);
    });
  },
);

test('a Node.js that is too old is refused with the version to install', async () => {
  const old = "Object.defineProperty(process.versions, 'node', { value: '20.20.2' });";
  const { exitCode, output } = await runProgram(
    process.execPath,
    [
      '--import',
      `data:text/javascript,${encodeURIComponent(old)}`,
      '--import',
      './tools/node-version.js',
      '--eval',
      '0',
    ],
    { cwd: new URL('../..', import.meta.url).pathname },
  );
  expect(exitCode).toBe(1);
  expect(output).toContain('Node 24 or newer is needed');
});
