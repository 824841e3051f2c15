import { spawnSync } from 'node:child_process';

/** How long a program takes from its start to its end, and what it wrote. An unexpected end is an error. */
export function timedProcess(
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
