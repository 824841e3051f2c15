import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { outputTable } from '../../../src/inputs/outputs.ts';
import { deriveName, parseInputs } from '../../../src/inputs/parse.ts';
import { renderRecipeDocuments } from '../../../tools/recipes-documents.ts';
import { runProgram } from '../../support/program.ts';
import { listDocuments, readAllSnippets, readDocument } from '../../support/snippets.ts';
import { actionSteps, fieldsOf, listOf } from '../../support/workflow-document.ts';
import { evaluated } from '../support/expressions.ts';

type Fields = Readonly<Record<string, unknown>>;

const FOLDER = '.github/recipes';

const recipes = await Promise.all(
  (await readdir(FOLDER)).map(async (name) => ({
    name,
    workflow: fieldsOf(parse(await readFile(join(FOLDER, name), 'utf8'))),
  })),
);
const jobs = recipes.flatMap(({ name, workflow }) =>
  Object.entries(fieldsOf(workflow['jobs'])).map(([id, job]) => ({ at: `${name}: ${id}`, job: fieldsOf(job) })),
);

test('the documents of the recipes contain each workflow unchanged', async () => {
  for (const [path, text] of await renderRecipeDocuments()) expect(await readFile(path, 'utf8')).toBe(text);
});

const outputNames = outputTable.map(({ name }): string => name);

test.each(recipes)('$name reads only outputs that its steps have', async ({ name }) => {
  const text = await readFile(join(FOLDER, name), 'utf8');
  const read = [...text.matchAll(/steps\.(?:nats|plan)\.outputs\.([a-z-]+)/g)].map(([, output = '']) => output);
  expect(read.filter((output) => !outputNames.includes(output))).toEqual([]);
});

test.each(await listDocuments())('%s names only existing outputs', async (path) => {
  const named = [...(await readDocument(path)).matchAll(/[Oo]utputs? `([a-z-]+)`(?: and `([a-z-]+)`)?/g)];
  const names = named.flatMap(([, ...found]) => found.filter((each) => each !== undefined));
  expect(names.filter((found) => !outputNames.includes(found))).toEqual([]);
});

test.each(recipes)('$name removes every permission from the token, and has a concurrency group', ({ workflow }) => {
  expect(workflow['permissions']).toEqual({});
  expect(fieldsOf(workflow['concurrency'])['group']).toEqual(expect.any(String));
});

/** Returns the time limit of a step in minutes; a rollback may take as long again. */
function limitOf(inputs: Fields): number {
  const raw = new Map(Object.entries(inputs).map(([name, value]) => [name, evaluated(String(value))]));
  const parsed: Fields = parseInputs(deriveName(raw));
  return (Number(parsed['timeoutMs']) / 60_000) * (parsed['rollbackOnFailure'] === true ? 2 : 1);
}

describe.each(jobs)('the job $at', ({ job }) => {
  const steps = actionSteps({ jobs: { job } });

  test('sets expected-cluster in each step', () => {
    expect(steps.length).toBeGreaterThan(0);
    for (const { inputs } of steps) expect(inputs).toHaveProperty('expected-cluster');
  });

  test('has a longer timeout than the steps that change the cluster', () => {
    const minutes = Number(job['timeout-minutes']);
    const limits = steps.filter(({ inputs }) => inputs['command'] !== 'plan').map(({ inputs }) => limitOf(inputs));
    for (const limit of limits) expect(limit).toBeLessThan(minutes);
  });

  test('has no condition that is false when the job times out', () => {
    const conditions = listOf(job['steps']).map((step) => String(fieldsOf(step)['if'] ?? ''));
    expect(conditions.filter((condition) => condition === 'failure()')).toEqual([]);
  });
});

const scripts = [
  ...(await readAllSnippets())
    .filter(({ language }) => language === 'bash')
    .map(({ document, line, text }) => ({ at: `${document}:${line}`, text })),
  ...jobs.flatMap(({ at, job }) =>
    listOf(job['steps']).flatMap((step) => {
      const { run } = fieldsOf(step);
      return typeof run === 'string' ? [{ at, text: run }] : [];
    }),
  ),
];

test.each(scripts)('a script of $at is valid for bash', async ({ text }) => {
  expect(await runProgram('bash', ['-n', '-c', text], { cwd: '.' })).toEqual({ exitCode: 0, output: '' });
});

describe('the scripts of the recipes', () => {
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'recipe-scripts-'));
    await mkdir(join(folder, 'report'));
    await writeFile(join(folder, 'report', 'plan.md'), 'what would change\n');
    const error = { code: 'MESH_INCOMPLETE', message: 'nats-1 has "no" route' };
    await writeFile(join(folder, 'report', 'report.json'), JSON.stringify({ result: 'failed', error }));
    // `gh` prints its arguments, and lists the comments in LISTED; `curl` prints its arguments and its input.
    await program('gh', 'echo "gh $*" >>calls; case "$*" in *--paginate*) printf "%s" "$LISTED";; esac');
    await program('curl', 'echo "curl $*" >>calls; cat >>calls');
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  async function program(name: string, script: string): Promise<void> {
    await writeFile(join(folder, name), `#!/bin/bash\n${script}\n`);
    await chmod(join(folder, name), 0o755);
  }

  /** Runs a script as a runner does. Returns the calls that it made. */
  async function callsOf(script: string, env: Readonly<Record<string, string>>): Promise<string> {
    await rm(join(folder, 'calls'), { force: true });
    const path = `${folder}${delimiter}${process.env['PATH'] ?? ''}`;
    const ended = await runProgram('bash', ['-e', '-c', script], {
      cwd: folder,
      env: { REPORT: join(folder, 'report'), RUN: 'https://github.com/run/1', ...env, PATH: path },
    });
    expect(ended).toMatchObject({ exitCode: 0 });
    return await readFile(join(folder, 'calls'), 'utf8');
  }

  const script = (at: string): string => scripts.find((each) => each.at.startsWith(at))?.text ?? '';
  const places = { COMMENTS: 'comments-of-17', COMMENT: 'comments' };

  test.each([
    [
      'create the comment with the plan if there was none',
      'success',
      'true',
      '',
      '--method POST comments-of-17',
      'what would change',
    ],
    [
      'replace the comment with the plan',
      'success',
      'true',
      '41\n',
      '--method PATCH comments/41 ',
      'what would change',
    ],
    [
      'say in the comment that the plan failed',
      'failure',
      '',
      '41\n',
      '--method PATCH comments/41 ',
      'https://github.com/run/1',
    ],
    ['delete the comment if nothing would change', 'success', 'false', '41\n42\n', '--method DELETE comments/41\n', ''],
  ])('%s', async (_, outcome, changed, listed, call, text) => {
    const env = { ...places, OUTCOME: outcome, CHANGED: changed, LISTED: listed };
    const calls = await callsOf(script('plan.yml'), env);
    expect(calls).toContain(call);
    if (text === '') return;
    const comment = await readFile(join(folder, 'comment.md'), 'utf8');
    expect(comment).toMatch(/^<!-- nats-plan: messaging\/nats -->\n/);
    expect(comment).toContain(text);
  });

  test('create no comment if nothing would change and there is none', async () => {
    const calls = await callsOf(script('plan.yml'), { ...places, OUTCOME: 'success', CHANGED: 'false', LISTED: '' });
    expect(calls).not.toContain('--method');
  });

  test('write a failure message with the code and the text of the error, as JSON', async () => {
    const snippets = (await readAllSnippets()).filter(({ document }) => document === 'docs/recipes/staging.md');
    const { text } = snippets.find(({ section }) => section === 'A message to Slack') ?? { text: '' };
    const { run } = fieldsOf(listOf(parse(text))[0]);
    const sent = await callsOf(String(run), { SLACK_WEBHOOK: 'https://hooks.example.com/1' });
    expect(sent).toContain('https://hooks.example.com/1');
    const message = 'MESH_INCOMPLETE: nats-1 has "no" route';
    const body: unknown = JSON.parse(sent.slice(sent.indexOf('{')));
    expect(body).toEqual({ text: `NATS on staging failed: ${message} https://github.com/run/1` });
    const early = await callsOf(String(run), { SLACK_WEBHOOK: 'https://hooks.example.com/1', REPORT: '' });
    expect(early).toContain('the job ended before NATS was deployed');
  });
});
