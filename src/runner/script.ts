import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { StringDecoder } from 'node:string_decoder';
import { exec } from '@actions/exec';
import { makeScriptFolder } from './script-folder.ts';
import type { Environment } from './workspace.ts';

export type LineSplitter = {
  readonly write: (text: string) => void;
  /** Reports the last line too, which may lack a line ending. */
  readonly end: () => void;
};

export type LineLimits = {
  /** The maximum length of a line. The rest of a longer line is omitted, including the word at the limit. */
  readonly mostLineChars: number;
  /** The maximum length of all lines. After that, only the last lines are kept. */
  readonly mostChars: number;
  readonly lastLines: number;
};

/**
 * Creates a splitter that splits chunks of text into lines, in time and memory that do not depend on the length of a
 * line. A line beyond the limit of the text is reported at the end, if it is one of the last lines.
 */
export function createLineSplitter(onLine: (line: string) => void, limits: LineLimits): LineSplitter {
  let begun = '';
  let chars = 0;
  let isBegun = false;
  let isCut = false;
  let leftOut = 0;
  const last: string[] = [];
  const tell = (): void => {
    // A truncated word may be the beginning of a secret, and the redaction does not recognize a secret by its
    // beginning.
    const line = isCut ? `${begun.slice(0, begun.lastIndexOf(' ') + 1)}…` : begun.replace(/\r$/, '');
    chars += line.length;
    if (chars <= limits.mostChars) onLine(line);
    else {
      last.push(line);
      if (last.length > limits.lastLines) {
        last.shift();
        leftOut += 1;
      }
    }
    begun = '';
    isBegun = false;
    isCut = false;
  };
  const add = (part: string): void => {
    const room = limits.mostLineChars - begun.length;
    begun += part.slice(0, room);
    isCut ||= part.length > room;
    isBegun ||= part !== '';
  };
  return {
    write: (text) => {
      let from = 0;
      for (let end = text.indexOf('\n'); end >= 0; from = end + 1, end = text.indexOf('\n', from)) {
        add(text.slice(from, end));
        tell();
      }
      add(text.slice(from));
    },
    end: () => {
      if (isBegun) tell();
      if (leftOut > 0) onLine(`(${leftOut} lines are left out)`);
      last.splice(0).forEach(onLine);
    },
  };
}

export type Script = {
  /** The text of a bash script. */
  readonly text: string;
  /** The files of the script, which only the owner can read. They are removed afterwards. */
  readonly files: Readonly<Record<string, string>>;
  /** Returns additional variables; `folder` is the folder of the files. */
  readonly variables: (folder: string) => Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  /** The signal that ends the script and everything it started. */
  readonly signal: AbortSignal;
};

/** The time between SIGTERM and SIGKILL. */
const GRACE_MS = 1000;

/** The time for the remaining output after the script has ended. */
const DRAIN_MS = 1000;

/** The limits of the output. Readers do not need more, and the log of the runner truncates longer lines too. */
const LIMITS = { mostLineChars: 4096, mostChars: 8 * 1024 * 1024, lastLines: 20 } as const;

/**
 * The length of an unfinished line that ends the script. @actions/exec buffers an unfinished line, and its time grows
 * with the square of the length.
 */
const MAX_UNFINISHED_BYTES = 8 * 1024 * 1024;

/**
 * The options of a step of `shell: bash` (actions/runner, `ScriptHandlerHelpers.cs`): bash reads no files of the user.
 */
const BASH = ['--noprofile', '--norc'] as const;

// The script leads a process group of its own, so that the processes that it leaves running end with it. `set -m`
// creates the group and is active only during the start, because bash would otherwise report the end of the script. The
// input of the script is empty. The outer bash writes nothing, because it would report a script that a signal ended.
const LEADER =
  'exec 3>&2 2>/dev/null; set -m; bash --noprofile --norc -eo pipefail "$1" </dev/null 2>&3 3>&- & set +m; echo "$!" >"$2"; exec 3>&-; wait "$!"; code=$?; kill -TERM -- "-$!" 2>/dev/null; exit "$code"';

/**
 * Runs the script like a step of a workflow, without the inputs of this action, and returns its exit code. The script
 * is in a file, because every user of the machine can read the arguments of a process.
 */
export async function runScript(environment: Environment, script: Script): Promise<number> {
  const folder = await makeScriptFolder(environment);
  const [file, group] = [join(folder, 'script'), join(folder, 'group')];
  const files = join(folder, 'files');
  const stop = (): void => void stopGroup(group);
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
      env: { ...omitInputs(environment), ...script.variables(files) },
      silent: true,
      ignoreReturnCode: true,
      delay: DRAIN_MS,
      // The line listeners of @actions/exec lose a last line without a line ending.
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

/** Creates a reader that reads one stream by lines. It calls `stop` for a line without an end. */
function createReader(onLine: (line: string) => void, stop: () => void): Reader {
  const decoder = new StringDecoder('utf8');
  const splitter = createLineSplitter(onLine, LIMITS);
  let unfinished = 0;
  return {
    write: (bytes) => {
      const end = bytes.lastIndexOf('\n');
      unfinished = end < 0 ? unfinished + bytes.length : bytes.length - end - 1;
      if (unfinished > MAX_UNFINISHED_BYTES) stop();
      splitter.write(decoder.write(bytes));
    },
    end: () => {
      splitter.write(decoder.end());
      splitter.end();
    },
  };
}

async function stopGroup(group: string): Promise<void> {
  await signalGroup(group, 'SIGTERM');
  setTimeout(() => void signalGroup(group, 'SIGKILL'), GRACE_MS).unref();
}

async function signalGroup(group: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  try {
    const leader = Number(await readFile(group, 'utf8'));
    if (leader > 1) process.kill(-leader, signal);
  } catch {
    // The script has not started, or all of its processes have ended.
  }
}

/** Removes the inputs of this action, and the tokens that the runner withholds from steps that run a shell. */
function omitInputs(environment: Environment): Record<string, string> {
  const kept = Object.entries(environment).filter(
    ([name]) => !/^(INPUT_|ACTIONS_RUNTIME_|ACTIONS_ID_TOKEN_)/.test(name),
  );
  return Object.fromEntries(kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
