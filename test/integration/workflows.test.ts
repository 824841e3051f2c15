import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Ended, runProgram } from '../support/program.ts';
import { readAllSnippets } from '../support/snippets.ts';
import { yamlSnippet } from '../support/workflow-document.ts';
import { provideActionlint, provideZizmor } from '../support/workflow-linters.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** A repository with these workflows, and this action at its root, as `uses: ./` names it. */
let root: string;
let actionlint: string;
let zizmor: string;

beforeAll(async () => {
  [actionlint, zizmor] = await Promise.all([provideActionlint(), provideZizmor()]);
  root = await mkdtemp(join(tmpdir(), 'workflows-'));
  const workflows = join(root, '.github/workflows');
  await mkdir(workflows, { recursive: true });
  await writeFile(join(root, 'zizmor-documents.yml'), DOCUMENT_RULES);
  for (const { document, line, ...snippet } of (await readAllSnippets()).filter(
    ({ language }) => language === 'yaml',
  )) {
    const read = yamlSnippet({ document, line, ...snippet });
    if (read.kind === 'workflow') {
      await writeFile(join(workflows, `${document.replaceAll('/', '-')}-${line}.yml`), read.workflow);
    }
  }
});

afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

/**
 * The rules for workflows of documents. They name this action by a tag, which moves with the releases; Dependabot of
 * the reader's repository pins it. The workflow to try names it `./`, like the workflows of this repository.
 */
const DOCUMENT_RULES =
  'rules: {unpinned-uses: {config: {policies: {"*": ref-pin}}}, self-repository: {disable: true}}\n';

async function lint(...argv: readonly string[]): Promise<Ended> {
  return await runProgram(actionlint, ['-shellcheck=', '-pyflakes=', ...argv], { cwd: REPOSITORY });
}

async function audit(...argv: readonly string[]): Promise<Ended> {
  return await runProgram(zizmor, ['--offline', '--quiet', '--no-progress', ...argv], { cwd: REPOSITORY });
}

const SILENT: Ended = { exitCode: 0, output: '' };

describe('the workflows of this repository', () => {
  test('are valid, and use existing inputs of the action', async () => {
    expect(await lint()).toEqual(SILENT);
  });

  test('pass the security linter, and have a cooldown for every dependency', async () => {
    const ended = await audit('--persona=pedantic', '--collect=all', '.github');
    expect(ended).toMatchObject({ exitCode: 0, output: expect.stringContaining('No findings') });
  });
});

describe('the workflows of the documents', () => {
  test('are valid', async () => {
    const folder = join(root, '.github/workflows');
    const paths = (await readdir(folder)).map((name) => join(folder, name));
    expect(paths.length).toBeGreaterThan(6);
    expect(await lint(...paths)).toEqual(SILENT);
  });

  test('pass the security linter', async () => {
    const rules = join(root, 'zizmor-documents.yml');
    const ended = await audit('--config', rules, join(root, '.github/workflows'));
    expect(ended).toMatchObject({ exitCode: 0, output: expect.stringContaining('No findings') });
  });
});

/** Makes a repository with this action and one workflow, and runs `body` in it. */
async function withWorkflow<Result>(steps: string, body: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'workflow-'));
  try {
    await mkdir(join(folder, '.github/workflows'), { recursive: true });
    await mkdir(join(folder, '.git'));
    await cp(join(REPOSITORY, 'action.yml'), join(folder, 'action.yml'));
    const text = `on: push\njobs:\n  job:\n    runs-on: ubuntu-24.04\n    steps:\n${steps}\n`;
    await writeFile(join(folder, '.github/workflows/mistake.yml'), text);
    return await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('the workflow checks find', () => {
  test('an unknown input', async () => {
    const { exitCode, output } = await withWorkflow('      - {uses: ./, with: {replica: 3}}', (folder) =>
      runProgram(actionlint, [], { cwd: folder }),
    );
    expect(exitCode).toBe(1);
    expect(output).toContain('input "replica" is not defined');
  });

  test('an icon that GitHub does not have', async () => {
    const { exitCode, output } = await withWorkflow('      - uses: ./', async (folder) => {
      const metadata = await readFile(join(folder, 'action.yml'), 'utf8');
      await writeFile(join(folder, 'action.yml'), metadata.replace(/icon: .*/, 'icon: mesh'));
      return await runProgram(actionlint, [], { cwd: folder });
    });
    expect(exitCode).toBe(1);
    expect(output).toContain('incorrect icon name "mesh"');
  });

  test.each([
    ['an action that is not pinned', '      - uses: actions/checkout@v7', 'unpinned-uses'],
    ['a script with an injected expression', '      - run: echo ${{ github.head_ref }}', 'template-injection'],
    ['missing permissions', '      - run: echo', 'excessive-permissions'],
  ])('%s', async (_, steps, rule) => {
    const { exitCode, output } = await withWorkflow(steps, (folder) => audit(folder));
    expect(exitCode).toBeGreaterThan(10);
    expect(output).toContain(rule);
  });
});
