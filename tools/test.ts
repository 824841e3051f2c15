import './node-version.js';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';

type Count = { readonly passed: number; readonly failed: number };
type Stage = { readonly name: string; readonly run: (folder: string) => Promise<Count> };

/** The number of test files that run at the same time. End-to-end tests mostly wait; most timed tests run at night. */
const WORKERS: Readonly<Record<string, number>> = { e2e: 3, nightly: 1 };

/** Chaos loads the machine with several cases at once, so it runs alone. */
const TESTS = ['unit', 'integration', 'e2e', 'chaos'];
const STAGES: readonly Stage[] = [
  { name: 'check', run: () => one(['tools/check.ts']) },
  { name: 'build', run: () => one(['tools/build.ts', '--check']) },
  ...TESTS.map((name) => ({ name, run: (folder: string) => jest(name, folder) })),
];
const EXTRA = ['soak', 'nightly'];

const { positionals } = parseArgs({ allowPositionals: true });
const stages = stagesOf(positionals);
if (stages === undefined) {
  const names = [...STAGES.map(({ name }) => name), ...EXTRA];
  process.stderr.write(
    `use the stages ${names.join(', ')}; soak and nightly also accept parts of paths: soak evictions\n`,
  );
  process.exit(2);
}

const folder = await mkdtemp(join(tmpdir(), 'test-results-'));
let interrupted = false;
let passed = 0;
let failed = 0;
try {
  for (const [index, { name, run }] of stages.entries()) {
    const begun = performance.now();
    process.stdout.write(`\n=== ${index + 1} of ${stages.length}: ${name}\n`);
    const count = await run(folder);
    passed += count.passed;
    failed += count.failed;
    if (interrupted) break; // The sender of the signal ends soon, and the next stage would continue without it.
    const seconds = ((performance.now() - begun) / 1000).toFixed(0);
    process.stdout.write(`=== ${name}: ${count.passed} passed, ${count.failed} failed, ${seconds} s\n`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 && !interrupted ? 0 : 1;

/**
 * Returns the stages of the names, or undefined for an unknown name. The names after `soak` or `nightly` select their
 * tests.
 */
function stagesOf(names: readonly string[]): readonly Stage[] | undefined {
  const [first = '', ...parts] = names;
  if (EXTRA.includes(first)) return [{ name: first, run: (folder) => jest(first, folder, parts) }];
  if (names.length === 0) return STAGES;
  const chosen = STAGES.filter(({ name }) => names.includes(name));
  return chosen.length < names.length ? undefined : chosen;
}

async function one(argv: readonly string[]): Promise<Count> {
  const exitCode = await node(argv);
  return exitCode === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Runs jest. A run that fails as a whole, for example in its set-up, counts as one more failure. */
async function jest(project: string, folder: string, parts: readonly string[] = []): Promise<Count> {
  const outputFile = join(folder, `${project}.json`);
  const exitCode = await node([
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    '--selectProjects',
    project,
    '--passWithNoTests',
    '--json',
    `--outputFile=${outputFile}`,
    `--maxWorkers=${workersOf(project, parts)}`,
    ...(EXTRA.includes(project) ? ['--reporters=default', '--reporters=./tools/progress-reporter.ts'] : []),
    ...(parts.length === 0 ? [] : ['--testPathPatterns', ...parts.map((part) => `test/${project}/.*${part}`)]),
  ]);
  const count = await countOf(outputFile);
  return exitCode !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
}

/** Returns the number of files that run at the same time. The laws mostly wait for pods and have no time limits. */
function workersOf(project: string, parts: readonly string[]): number {
  return parts.length > 0 && parts.every((part) => part.startsWith('laws')) ? 4 : (WORKERS[project] ?? 2);
}

async function countOf(outputFile: string): Promise<Count> {
  const text = await readFile(outputFile, 'utf8').catch(() => '{}'); // jest ended before it wrote its report
  const report: unknown = JSON.parse(text);
  const counts = new Map(typeof report === 'object' && report !== null ? Object.entries(report) : []);
  const number = (name: string) => Number(counts.get(name) ?? 0);
  return { passed: number('numPassedTests'), failed: number('numFailedTests') + number('numRuntimeErrorTestSuites') };
}

/** Runs a command with our own output; jest's JSON goes only to its file. */
async function node(argv: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, argv, { stdio: ['ignore', 'inherit', 'inherit'] });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        interrupted = true;
        child.kill(signal);
      });
    }
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}
