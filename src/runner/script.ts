import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { StringDecoder } from 'node:string_decoder';
import { exec } from '@actions/exec';
import type { Environment } from './environment.ts';
import { createLineSplitter, type LineSplitter } from './line-splitter.ts';
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

/** A reader has no use for more; a log of the runner shows no longer line whole either. */
const LIMITS = { mostLineChars: 4096, mostChars: 8 * 1024 * 1024, lastLines: 20 } as const;

/**
 * A line that is longer than this ends the script: @actions/exec keeps an unfinished line to itself, and takes the square
 * of its length for that.
 */
const MOST_UNFINISHED_BYTES = 8 * 1024 * 1024;

/** As the runner runs a step of `shell: bash` (actions/runner, `ScriptHandlerHelpers.cs`): without files of the user. */
const BASH = ['--noprofile', '--norc'] as const;

// The script is the leader of a process group of its own (`set -m`, and not longer than for its start, as bash then tells
// of its end), so that what it leaves running ends with it. Its input is empty. The leader itself says nothing: bash
// would tell of a script that a signal ended.
const LEADER =
  'exec 3>&2 2>/dev/null; set -m; bash --noprofile --norc -eo pipefail "$1" </dev/null 2>&3 3>&- & set +m; echo "$!" >"$2"; exec 3>&-; wait "$!"; code=$?; kill -TERM -- "-$!" 2>/dev/null; exit "$code"';

/**
 * Runs it as a step of a workflow is run, without the inputs of this action; returns its exit code. It is in a file, as
 * everybody on the machine can read the arguments of a process.
 */
export async function runScript(environment: Environment, script: Script): Promise<number> {
  const folder = await makeScriptFolder(environment);
  const [file, group] = [join(folder, 'script'), join(folder, 'group')];
  const files = join(folder, 'files');
  const stop = (): void => void endGroup(group);
  const [output, errors] = [createReader(script.onLine, stop), createReader(script.onLine, stop)];
  try {
    await mkdir(files);
    for (const [name, text] of Object.entries(script.files)) {
      await writeFile(join(files, name), text, { mode: 0o600 });
    }
    await writeFile(file, script.text, { mode: 0o600 });
    script.signal.throwIfAborted();
    script.signal.addEventListener('abort', stop, { once: true });
    const exitCode = await exec('bash', [...BASH, '-c', LEADER, 'smoke-test', file, group], {
      env: { ...withoutInputs(environment), ...script.variables(files) },
      silent: true,
      ignoreReturnCode: true,
      delay: DRAIN_MS,
      // Its listeners for lines lose the last one where it has no end.
      listeners: { stdout: output.write, stderr: errors.write },
    });
    output.end();
    errors.end();
    return exitCode;
  } finally {
    script.signal.removeEventListener('abort', stop);
    await signalGroup(group, 'SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
}

type Reader = { readonly write: (bytes: Buffer) => void; readonly end: LineSplitter['end'] };

/** Reads one stream by lines; `stop` is called for a line without end. */
function createReader(onLine: (line: string) => void, stop: () => void): Reader {
  const decoder = new StringDecoder('utf8');
  const splitter = createLineSplitter(onLine, LIMITS);
  let unfinished = 0;
  return {
    write: (bytes) => {
      const end = bytes.lastIndexOf('\n');
      unfinished = end < 0 ? unfinished + bytes.length : bytes.length - end - 1;
      if (unfinished > MOST_UNFINISHED_BYTES) stop();
      splitter.write(decoder.write(bytes));
    },
    end: () => {
      splitter.write(decoder.end());
      splitter.end();
    },
  };
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
