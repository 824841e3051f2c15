import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export type ClusterProcess = {
  readonly child: ChildProcess;
  /** Returns the output so far: progress on stderr, answers on stdout. */
  readonly progress: () => string;
  readonly stdout: () => string;
  /** The exit code, or the signal that ended the process. */
  readonly ended: Promise<number | string>;
};

/** Starts `npm run cluster -- …` as a process of its own, on the embedded Kubernetes independently of KUBECONFIG. */
export function clusterProcess(...args: readonly string[]): ClusterProcess {
  const { KUBECONFIG: _, ...env } = process.env;
  const main = join(import.meta.dirname, '..', 'cluster', 'main.ts');
  const child = spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const ended = once(child, 'close').then((): number | string => child.exitCode ?? child.signalCode ?? 'unknown');
  return { child, progress: () => stderr, stdout: () => stdout, ended };
}

/** Runs the command to its end. Every result except success is an error with the output. */
export async function requireCluster(...args: readonly string[]): Promise<{ stdout: string; progress: string }> {
  const running = clusterProcess(...args);
  const code = await running.ended;
  if (code !== 0) {
    throw new Error(`cluster ${args.join(' ')} ended with ${code}: ${running.progress()}`);
  }
  return { stdout: running.stdout(), progress: running.progress() };
}
