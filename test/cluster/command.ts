import { spawn } from 'node:child_process';

export type CommandResult = { readonly code: number; readonly stdout: string; readonly stderr: string };

type CommandOptions = {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
};

/** Runs a program to its end in a process group of its own, so that an abort also ends its child processes. */
export async function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  options.signal?.throwIfAborted();
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const end = (): void => {
    if (child.pid !== undefined) {
      endGroup(child.pid);
    }
  };
  options.signal?.addEventListener('abort', end, { once: true });
  let stdout = '';
  let stderr = '';
  let line = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
    const lines = (line + chunk).split('\n');
    line = lines.pop() ?? '';
    for (const complete of lines) {
      options.onLine?.(complete);
    }
  });
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode, signal) => resolve(exitCode ?? (signal === null ? 1 : 128)));
    });
    options.signal?.throwIfAborted();
    return { code, stdout, stderr };
  } finally {
    options.signal?.removeEventListener('abort', end);
  }
}

/** Runs a program like {@link runCommand}; a non-zero exit is an error that quotes the end of the output. */
export async function requireCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const result = await runCommand(program, args, options);
  if (result.code !== 0) {
    const output = result.stderr.trim().split('\n').slice(-12).join('\n');
    throw new Error(`${[program, ...args].join(' ')} ended with ${result.code}:\n${output}`);
  }
  return result.stdout;
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The process ended by itself between the abort and this call.
  }
}
