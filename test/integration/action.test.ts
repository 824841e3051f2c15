import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, test } from '@jest/globals';
import { type ActionRun, parseOutputs, runAction } from '../support/action.ts';
import { runProgram } from '../support/program.ts';

const REPOSITORY = new URL('../..', import.meta.url).pathname;

describe('the built action with wrong inputs', () => {
  const inputs = {
    replicas: 'three',
    'anti-affinity': 'requird',
    timeout: '10',
    'client-password': '$2a$10$abcdefghijklmnopqrstuv',
    'create-namspace': 'true',
  };

  test('fails with one annotation that lists every wrong input with its corrected line', async () => {
    const { exitCode, stdout, outputs } = await runAction({ inputs });
    expect(exitCode).toBe(1);
    const errors = stdout.split('\n').filter((line) => line.startsWith('::error'));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain('title=INPUT_INVALID');
    for (const line of [
      'replicas: 3',
      'anti-affinity: required',
      'timeout: 10s',
      'client-password: ${{ secrets.CLIENT_PASSWORD }}',
      'create-namespace: true',
    ]) {
      expect(errors[0]).toContain(line);
    }
    expect(outputs).toEqual({ result: 'failed', 'error-code': 'INPUT_INVALID', report: expect.any(String) });
  });

  test('lists the wrong inputs in a table of the job summary, unless the summary is turned off', async () => {
    const { summary } = await runAction({ inputs });
    expect(summary).toMatch(/^## ❌ INPUT_INVALID\n\n\*\*Cause:\*\* 5 inputs are invalid:\n/);
    expect(summary).toContain('| `replicas` | got "three", expected');
    expect(summary).toContain('    anti-affinity: required\n');
    expect(summary).not.toContain(inputs['client-password']);
    expect((await runAction({ inputs: { ...inputs, summary: 'false' } })).summary).toBe('');
  });

  test('reports the file of the workspace and the line', async () => {
    const workspace = await mkdtemp(join(tmpdir(), 'workspace-'));
    try {
      await mkdir(join(workspace, 'deploy'));
      await writeFile(join(workspace, 'deploy/nats.conf'), 'ping_max: 3\ninclude "users.conf"\n');
      await writeFile(join(workspace, 'deploy/users.conf'), '\n\n  accounts {\n');
      const env = { GITHUB_WORKSPACE: workspace };
      const { stdout } = await runAction({ inputs: { 'config-file': 'deploy/nats.conf' }, env });
      expect(stdout).toMatch(/^::error title=INPUT_INVALID,file=deploy\/users\.conf,line=\d,col=\d+::/m);
    } finally {
      await rm(workspace, { recursive: true, force: true });
    }
  });

  test('masks a secret before any other output and never shows it', async () => {
    const { stdout, stderr } = await runAction({ inputs });
    const [first, ...rest] = `${stdout}${stderr}`.split('\n');
    expect(first).toBe(`::add-mask::${inputs['client-password']}`);
    expect(rest.join('\n')).not.toContain(inputs['client-password']);
  });

  test('ignores unrelated environment variables', async () => {
    const { stdout } = await runAction({ inputs: { replicas: '0', token: 'x' } });
    expect(stdout).toContain('1 input is invalid');
  });
});

test('npm run action prints the log, outputs and summary, and exits with the exit code of the action', async () => {
  const { exitCode, output } = await runProgram(process.execPath, ['tools/action.ts', 'replicas=0'], {
    cwd: REPOSITORY,
  });
  expect(exitCode).toBe(1);
  expect(output).toContain('INPUT_INVALID');
  expect(output).toContain('--- outputs\nresult=failed\n');
  expect(output).toContain('--- summary\n');
});

test('npm run action refuses arguments that are not inputs', async () => {
  const { exitCode, output } = await runProgram(process.execPath, ['tools/action.ts', 'replicas'], { cwd: REPOSITORY });
  expect(exitCode).toBe(2);
  expect(output).toContain('replicas is not name=value');
});

/** Runs `body` with an action of one script, so that a test observes the harness from the inside. */
async function withAction<Result>(
  script: string,
  body: (run: (fields: ActionRun) => ReturnType<typeof runAction>) => Result,
) {
  const directory = await mkdtemp(join(tmpdir(), 'small-action-'));
  try {
    await mkdir(join(directory, 'dist'));
    await writeFile(join(directory, 'dist/index.js'), script);
    await writeFile(
      join(directory, 'action.yml'),
      "inputs:\n  a-b: { default: 'x' }\n  c d: {}\nruns: { using: node24, main: dist/index.js }\n",
    );
    return await body((fields) => runAction({ ...fields, directory }));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

describe('the runner that tests use', () => {
  test('passes defaults and inputs as the GitHub runner spells them, and no variable of its own environment', async () => {
    process.env.INPUT_FOREIGN = 'x';
    try {
      await withAction('console.log(JSON.stringify(process.env))', async (run) => {
        const { stdout } = await run({ inputs: { 'c d': 'y' } });
        expect(JSON.parse(stdout)).toMatchObject({ 'INPUT_A-B': 'x', INPUT_C_D: 'y', GITHUB_ACTIONS: 'true' });
        expect(JSON.parse(stdout)).not.toHaveProperty('INPUT_FOREIGN');
      });
    } finally {
      delete process.env.INPUT_FOREIGN;
    }
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('passes %s to the action', async (signal) => {
    const script = `process.on('${signal}', () => process.exit(7)); console.log('up'); setInterval(() => {}, 1000);`;
    await withAction(script, async (run) => {
      const controller = new AbortController();
      const { exitCode } = await run({ signal: controller.signal, onLine: () => controller.abort(signal) });
      expect(exitCode).toBe(7);
    });
  });

  test('reads outputs with and without a delimiter', () => {
    const text = 'a=1=2\nb<<END\nx\n\ny\nEND\nc<<E\nE\n';
    expect(parseOutputs(text)).toEqual({ a: '1=2', b: 'x\n\ny', c: '' });
    expect(() => parseOutputs('a<<END\nx')).toThrow('delimiter');
  });
});
