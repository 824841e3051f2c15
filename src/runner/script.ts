import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Environment } from './environment.ts';
import { createLineSplitter } from './line-splitter.ts';

export type Script = {
  /** Of bash. */
  readonly text: string;
  /** Files beside it, readable by nobody else, which are gone afterwards. */
  readonly files: Readonly<Record<string, string>>;
  /** More variables; `folder` is where the files are. */
  readonly variables: (folder: string) => Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  /** Ends it, with everything it started. */
  readonly signal: AbortSignal;
};

/** Between the request to end and the end. */
const GRACE_MS = 1000;

/** Lines it may still have written when it ends. */
const DRAIN_MS = 1000;

/** A reader has no use for more; a log of the runner shows no longer line whole either. */
const LIMITS = { mostLineChars: 4096, mostChars: 8 * 1024 * 1024, lastLines: 20 } as const;

/** As the runner runs a step of `shell: bash` (actions/runner, `ScriptHandlerHelpers.cs`): without files of the user. */
const BASH = ['--noprofile', '--norc', '-eo', 'pipefail'] as const;

/**
 * Runs it as a step of a workflow is run, without the inputs of this action; returns its exit code. It is in a file, as
 * everybody on the machine can read the arguments of a process.
 */
export async function runScript(environment: Environment, script: Script): Promise<number> {
  const folder = await mkdtemp(join(environment['RUNNER_TEMP'] || tmpdir(), 'nats-smoke-test-'));
  const [file, files] = [join(folder, 'script'), join(folder, 'files')];
  try {
    await mkdir(files);
    for (const [name, text] of Object.entries(script.files)) {
      await writeFile(join(files, name), text, { mode: 0o600 });
    }
    await writeFile(file, script.text, { mode: 0o600 });
    script.signal.throwIfAborted();
    return await runBash(file, { ...withoutInputs(environment), ...script.variables(files) }, script);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The leader of a process group of its own, so that everything it starts ends with it. Its input is empty. */
async function runBash(
  file: string,
  env: Readonly<Record<string, string>>,
  { onLine, signal }: Pick<Script, 'onLine' | 'signal'>,
): Promise<number> {
  const child = spawn('bash', [...BASH, file], { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = (): void => {
    endGroup(child, 'SIGTERM');
    setTimeout(endGroup, GRACE_MS, child, 'SIGKILL').unref();
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const ended = once(child, 'exit');
    const closed = Promise.all([child.stdout, child.stderr].map(async (stream) => await tellLines(stream, onLine)));
    await ended;
    endGroup(child, 'SIGTERM');
    // Something that left the group may hold the streams open.
    await Promise.race([closed, delay(DRAIN_MS, undefined, { ref: false })]);
    child.stdout.destroy();
    child.stderr.destroy();
    await closed;
    return child.exitCode ?? 128 + (child.signalCode === null ? 0 : constants.signals[child.signalCode]);
  } finally {
    signal.removeEventListener('abort', stop);
    endGroup(child, 'SIGKILL');
  }
}

/** Tells each line until the stream ends or is destroyed. */
async function tellLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  const splitter = createLineSplitter(onLine, LIMITS);
  stream.setEncoding('utf8').on('data', splitter.write);
  await new Promise((resolve) => stream.on('close', resolve).on('error', resolve));
  splitter.end();
}

function endGroup({ pid }: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // Nothing of it runs any more.
  }
}

/** The runner keeps tokens of its own from the steps that run a shell. */
function withoutInputs(environment: Environment): Record<string, string> {
  const kept = Object.entries(environment).filter(
    ([name]) => !/^(INPUT_|ACTIONS_RUNTIME_|ACTIONS_ID_TOKEN_)/.test(name),
  );
  return Object.fromEntries(kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
