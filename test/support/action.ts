import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { watchArguments } from './process-arguments.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const FILES = ['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY', 'GITHUB_STATE', 'GITHUB_ENV', 'GITHUB_PATH'] as const;

export type ActionRun = {
  readonly inputs?: Readonly<Record<string, string>>;
  /** Variables in addition to PATH and HOME; nothing else of this process is passed on. */
  readonly env?: Readonly<Record<string, string>>;
  /** Receives each line of either stream as it arrives. */
  readonly onLine?: (line: string) => void;
  /** Receives the process ID after the start. */
  readonly onStart?: (pid: number) => void;
  /** Runs after the process has ended and closed its streams. */
  readonly onEnd?: () => void;
  /**
   * The signal that ends the run: aborting sends SIGINT, or the signal that is the abort's reason (`abort('SIGTERM')`,
   * `abort('SIGKILL')`).
   */
  readonly signal?: AbortSignal;
  /** Folder of action.yml; by default this repository. */
  readonly directory?: string;
};

export type ActionResult = {
  /** The exit code; 128 and the signal's number if a signal ended the process. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** The texts of all files below RUNNER_TEMP, joined. A workflow may upload these files. */
  readonly files: string;
  /** The command lines of the process and of its child processes. */
  readonly processArguments: readonly string[];
};

/** Runs the action in `directory` as a runner does: the built file, defaults, inputs, command files. */
export async function runAction(run: ActionRun = {}): Promise<ActionResult> {
  const directory = run.directory ?? REPOSITORY;
  const folder = await mkdtemp(join(tmpdir(), 'action-run-'));
  try {
    const temporary = join(folder, 'temp');
    await mkdir(temporary);
    const paths = new Map(FILES.map((name) => [name, join(folder, name.toLowerCase())] as const));
    await Promise.all([...paths.values()].map((path) => writeFile(path, '')));
    const { main, defaults } = await readMetadata(directory);
    const env = {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      GITHUB_ACTIONS: 'true',
      CI: 'true',
      RUNNER_TEMP: temporary,
      ...Object.fromEntries(paths),
      ...run.env,
      ...inputVariables({ ...defaults, ...run.inputs }),
    };
    const ended = await execute(join(directory, main), env, run);
    const [outputs = '', summary = ''] = await Promise.all(
      (['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY'] as const).map((name) => readFile(paths.get(name) ?? '', 'utf8')),
    );
    return { ...ended, outputs: parseOutputs(outputs), summary, files: await readTextsBelow(env.RUNNER_TEMP) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Converts input names: `client-user` → `INPUT_CLIENT-USER`; spaces become underscores, as in the runner. */
function inputVariables(inputs: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]),
  );
}

async function readMetadata(directory: string): Promise<{ main: string; defaults: Readonly<Record<string, string>> }> {
  const document: unknown = parse(await readFile(join(directory, 'action.yml'), 'utf8'));
  const inputs = entriesOf(entry(document, 'inputs')).map(([name, input]) => [name, entry(input, 'default')] as const);
  const main = entry(entry(document, 'runs'), 'main');
  if (typeof main !== 'string') throw new Error(`${directory}/action.yml: runs.main is missing`);
  // The runner passes every declared input; an input without a default is the empty string.
  return {
    main,
    defaults: Object.fromEntries(inputs.map(([name, value]) => [name, typeof value === 'string' ? value : ''])),
  };
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function entry(value: unknown, key: string): unknown {
  return entriesOf(value).find(([name]) => name === key)?.[1];
}

/** Returns the texts of all files below a folder, joined. */
export async function readTextsBelow(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return (await Promise.all(files.map(async (file) => await readFile(file, 'utf8')))).join('\n');
}

type Ended = Omit<ActionResult, 'outputs' | 'summary' | 'files'>;

function execute(main: string, env: Readonly<Record<string, string>>, run: ActionRun): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    if (child.pid !== undefined) run.onStart?.(child.pid);
    const watched = child.pid === undefined ? undefined : watchArguments(child.pid);
    const [stdout, stderr] = [child.stdout, child.stderr].map((stream) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      if (run.onLine !== undefined) createInterface({ input: stream }).on('line', run.onLine);
      return () => Buffer.concat(chunks).toString('utf8');
    });
    const stop = () => child.kill(signalOf(run.signal?.reason));
    run.signal?.addEventListener('abort', stop, { once: true });
    if (run.signal?.aborted) stop();
    child.on('error', reject);
    child.on('exit', () => watched?.stop());
    child.on('close', (code, signal) => {
      run.onEnd?.();
      run.signal?.removeEventListener('abort', stop);
      const exitCode = code ?? 128 + (signal === 'SIGKILL' ? 9 : signal === 'SIGINT' ? 2 : 15);
      resolve({
        exitCode,
        stdout: stdout?.() ?? '',
        stderr: stderr?.() ?? '',
        processArguments: watched?.stop() ?? [],
      });
    });
  });
}

function signalOf(reason: unknown): 'SIGINT' | 'SIGTERM' | 'SIGKILL' {
  return reason === 'SIGTERM' || reason === 'SIGKILL' ? reason : 'SIGINT';
}

/** Parses `name=value`, or `name<<delimiter`, lines of text, delimiter (actions/runner, `FileCommandManager.cs`). */
export function parseOutputs(text: string): Readonly<Record<string, string>> {
  const outputs: Record<string, string> = {};
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const [, name, delimiter] = /^([^=<]+)<<(.+)$/.exec(line) ?? [];
    if (name !== undefined && delimiter !== undefined) {
      const end = lines.indexOf(delimiter, index + 1);
      if (end < 0) throw new Error(`output ${name}: its delimiter is missing`);
      outputs[name] = lines.slice(index + 1, end).join('\n');
      index = end;
    } else if (line.includes('=')) {
      outputs[line.slice(0, line.indexOf('='))] = line.slice(line.indexOf('=') + 1);
    }
  }
  return outputs;
}
