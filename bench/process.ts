import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** Runs a program and returns its duration from start to end, and its output. An unexpected end is an error. */
export function timeProcess(
  program: string,
  argv: readonly string[],
  {
    env = {},
    cwd,
    exitCode = 0,
  }: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string; readonly exitCode?: number } = {},
): { readonly elapsedMs: number; readonly stdout: string } {
  const begun = performance.now();
  const { status, stdout, stderr } = spawnSync(program, argv, {
    env: { PATH: process.env['PATH'], ...env },
    encoding: 'utf8',
    ...(cwd === undefined ? {} : { cwd }),
  });
  const elapsedMs = performance.now() - begun;
  if (status !== exitCode) {
    throw new Error(`${program} ${argv.join(' ')}: expected exit ${exitCode}, got ${String(status)}: ${stderr}`);
  }
  return { elapsedMs, stdout };
}

/** Runs a program while other programs continue. An unexpected end is an error with the output of the program. */
export async function requireProgram(
  program: string,
  argv: readonly string[],
  { env = {}, cwd }: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string } = {},
): Promise<void> {
  const child = spawn(program, argv, {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  await once(child, 'close');
  const { exitCode } = child;
  if (exitCode !== 0)
    throw new Error(`${program} ${argv.join(' ')}: expected exit 0, got ${String(exitCode)}: ${printed}`);
}
