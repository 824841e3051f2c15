import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { exec } from '@actions/exec';
import type { Environment } from './environment.ts';
import { makeScriptFolder } from './script-folder.ts';

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

// The script is the leader of a process group of its own (`set -m`, and not longer than for its start, as bash then tells
// of its end), so that what it leaves running ends with it.
const LEADER =
  'set -m; bash -eo pipefail "$1" </dev/null & set +m; echo "$!" >"$2"; wait "$!"; code=$?; kill -TERM -- "-$!" 2>/dev/null; exit "$code"';

/**
 * Runs it as a step of a workflow is run, without the inputs of this action; returns its exit code. It is in a file, as
 * everybody on the machine can read the arguments of a process.
 */
export async function runScript(environment: Environment, script: Script): Promise<number> {
  const folder = await makeScriptFolder(environment);
  const [file, group] = [join(folder, 'script'), join(folder, 'group')];
  const files = join(folder, 'files');
  const stop = (): void => void endGroup(group);
  try {
    await mkdir(files);
    for (const [name, text] of Object.entries(script.files)) {
      await writeFile(join(files, name), text, { mode: 0o600 });
    }
    await writeFile(file, script.text, { mode: 0o600 });
    script.signal.throwIfAborted();
    script.signal.addEventListener('abort', stop, { once: true });
    return await exec('bash', ['-c', LEADER, 'smoke-test', file, group], {
      env: { ...withoutInputs(environment), ...script.variables(files) },
      silent: true,
      ignoreReturnCode: true,
      delay: DRAIN_MS,
      listeners: { stdline: script.onLine, errline: script.onLine },
    });
  } finally {
    script.signal.removeEventListener('abort', stop);
    await signalGroup(group, 'SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
}

async function endGroup(group: string): Promise<void> {
  await signalGroup(group, 'SIGTERM');
  setTimeout(() => void signalGroup(group, 'SIGKILL'), GRACE_MS).unref();
}

async function signalGroup(group: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  try {
    const leader = Number(await readFile(group, 'utf8'));
    if (leader > 1) process.kill(-leader, signal);
  } catch {
    // It has not begun, or nothing of it runs any more.
  }
}

/** The runner keeps tokens of its own from the steps that run a shell. */
function withoutInputs(environment: Environment): Record<string, string> {
  const kept = Object.entries(environment).filter(
    ([name]) => !/^(INPUT_|ACTIONS_RUNTIME_|ACTIONS_ID_TOKEN_)/.test(name),
  );
  return Object.fromEntries(kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
