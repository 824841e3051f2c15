import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { listDocuments, readAllSnippets, readDocument } from '../../support/snippets.ts';

/** The test file that runs a command of a document, and the text in that file that runs it. */
type Executed = { readonly command: string; readonly by: string; readonly words: readonly string[] };

const EXECUTED: readonly Executed[] = [
  { command: 'npm ci', by: '.ci/run', words: ['npm ci'] },
  { command: 'npm test', by: '.ci/run', words: ['npm test'] },
  { command: 'npm run check', by: 'test/integration/check.test.ts', words: ['tools/check.ts'] },
  { command: 'npm run build', by: 'test/integration/build.test.ts', words: ['tools/build.ts'] },
  {
    command: 'npm run jest -- test/unit/report --selectProjects unit',
    by: 'tools/test.ts',
    words: ['--selectProjects'],
  },
  {
    command: 'npm run cluster -- start --nodes 5',
    by: 'test/e2e/cluster/lifecycle.test.ts',
    words: ['clusters.start(', "'--nodes'"],
  },
  {
    command: 'npm run action -- namespace=try create-namespace=true',
    by: 'test/integration/action.test.ts',
    words: ['tools/action.ts'],
  },
  { command: 'npm ci && npm run demo', by: 'test/nightly/cluster/demo.test.ts', words: ["'run', 'demo'"] },
  {
    command: 'npm run cluster -- start [--nodes N] [--name X] [--dns-cache on|off]',
    by: 'test/e2e/cluster/lifecycle.test.ts',
    words: ['clusters.start(', "'--nodes'", "'--name'"],
  },
  { command: 'npm run cluster -- status', by: 'test/e2e/cluster/lifecycle.test.ts', words: ["'status'"] },
  { command: 'npm run cluster -- logs', by: 'test/e2e/cluster/lifecycle.test.ts', words: ["'logs'"] },
  { command: 'npm run cluster -- stop', by: 'test/e2e/cluster/lifecycle.test.ts', words: ["'stop'"] },
  {
    command: 'npm run action -- namespace=messaging create-namespace=true replicas=3',
    by: 'test/integration/action.test.ts',
    words: ['tools/action.ts'],
  },
  {
    command: 'docs/deployer.sh messaging kubeconfig',
    by: 'test/e2e/documents/documents.test.ts',
    words: ["'One script'"],
  },
];

const scripts = (await readAllSnippets()).filter(({ language }) => language === 'sh');

/** Splits a script into one command a line: continued lines joined, comments removed. */
function commandsOf(script: string): readonly string[] {
  return script
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.replace(/\s+# .*$/, '').trim())
    .filter((line) => line !== '');
}

const commands = scripts.flatMap(({ document, line, text }) =>
  commandsOf(text).map((command) => ({ at: `${document}:${line}`, command })),
);

describe('a command in a document', () => {
  test.each(commands)('is executed by a test: $command ($at)', async ({ command }) => {
    const executed = EXECUTED.find((row) => row.command === command);
    expect(executed).toBeDefined();
    const text = await readFile(executed?.by ?? '', 'utf8');
    expect(executed?.words.filter((word) => !text.includes(word))).toEqual([]);
  });

  test.each(EXECUTED)('of the table is still in a document: $command', ({ command }) => {
    expect(commands.map((row) => row.command)).toContain(command);
  });

  test('is read without its comment, and with its continuation lines', () => {
    expect(commandsOf('a \\\n  b # why\n\n# nothing\nc #d\n')).toEqual(['a b', '# nothing', 'c #d']);
  });
});

const paths = await listDocuments();

test.each(paths)('%s names scripts of package.json that exist', async (path) => {
  const { scripts: known }: { scripts: object } = JSON.parse(await readFile('package.json', 'utf8'));
  const named = [...(await readDocument(path)).matchAll(/npm run ([a-z-]+)/g)].map(([, name = '']) => name);
  expect(named.filter((name) => !(name in known))).toEqual([]);
});
