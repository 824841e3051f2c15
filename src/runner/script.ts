import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { StringDecoder } from 'node:string_decoder';
import { exec } from '@actions/exec';
import { makeScriptFolder } from './script-folder.ts';
import type { Environment } from './workspace.ts';

export type LineLimits = {
  /** The maximum length of a line. The rest of a longer line is omitted, including the word at the limit. */
  readonly mostLineChars: number;
  /** The maximum length of all lines. After that, only the last lines are kept. */
  readonly mostChars: number;
  readonly lastLines: number;
};

/**
 * Splits chunks of text into lines, in time and memory that do not depend on the length of a line. A line beyond the
 * limit of the text is reported at the end, if it is one of the last lines.
 */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  readonly #limits: LineLimits;
  readonly #last: string[] = [];
  #begun = '';
  #chars = 0;
  #isBegun = false;
  #isCut = false;
  #leftOut = 0;

  constructor(onLine: (line: string) => void, limits: LineLimits) {
    this.#onLine = onLine;
    this.#limits = limits;
  }

  write(text: string): void {
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; from = end + 1, end = text.indexOf('\n', from)) {
      this.#add(text.slice(from, end));
      this.#report();
    }
    this.#add(text.slice(from));
  }

  /** Reports the last line too, which may lack a line ending. */
  end(): void {
    if (this.#isBegun) this.#report();
    if (this.#leftOut > 0) this.#onLine(`(${this.#leftOut} lines are left out)`);
    this.#last.splice(0).forEach(this.#onLine);
  }

  #add(part: string): void {
    const room = this.#limits.mostLineChars - this.#begun.length;
    this.#begun += part.slice(0, room);
    this.#isCut ||= part.length > room;
    this.#isBegun ||= part !== '';
  }

  #report(): void {
    // A truncated word may be the beginning of a secret, and the redaction does not recognize a secret by its
    // beginning.
    const text = this.#begun;
    const line = this.#isCut ? `${text.slice(0, text.lastIndexOf(' ') + 1)}…` : text.replace(/\r$/, '');
    this.#chars += line.length;
    if (this.#chars <= this.#limits.mostChars) this.#onLine(line);
    else this.#last.push(line);
    if (this.#last.length > this.#limits.lastLines) {
      this.#last.shift();
      this.#leftOut += 1;
    }
    this.#begun = '';
    this.#isBegun = false;
    this.#isCut = false;
  }
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
  const [output, errors] = [new StreamReader(script.onLine, stop), new StreamReader(script.onLine, stop)];
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
      listeners: { stdout: (bytes) => output.write(bytes), stderr: (bytes) => errors.write(bytes) },
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

/** Reads one stream by lines. It calls `stop` when an unfinished line becomes too long. */
class StreamReader {
  readonly #decoder = new StringDecoder('utf8');
  readonly #splitter: LineSplitter;
  readonly #stop: () => void;
  #unfinished = 0;

  constructor(onLine: (line: string) => void, stop: () => void) {
    this.#splitter = new LineSplitter(onLine, LIMITS);
    this.#stop = stop;
  }

  write(bytes: Buffer): void {
    const end = bytes.lastIndexOf('\n');
    this.#unfinished = end < 0 ? this.#unfinished + bytes.length : bytes.length - end - 1;
    if (this.#unfinished > MAX_UNFINISHED_BYTES) this.#stop();
    this.#splitter.write(this.#decoder.write(bytes));
  }

  end(): void {
    this.#splitter.write(this.#decoder.end());
    this.#splitter.end();
  }
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
