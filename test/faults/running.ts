import process from 'node:process';
import type { ActionResult, ActionRun } from '../support/action.ts';
import type { Running } from './fault.ts';

type Run = (options: Omit<ActionRun, 'inputs'>) => Promise<ActionResult>;

/** Starts a run, and records each line of its output with the time. */
export function startRun(run: Run, env: Readonly<Record<string, string>>): Running {
  const lines: { readonly text: string; readonly at: number }[] = [];
  const waiting = new Set<() => void>();
  let pid: number | undefined;
  let endedAt: number | undefined;
  const wake = (): void => {
    for (const look of waiting) look();
  };
  const result = run({
    env,
    onStart: (id) => {
      pid = id;
    },
    onLine: (text) => {
      lines.push({ text, at: performance.now() });
      wake();
    },
  }).finally(() => {
    endedAt = performance.now();
    wake();
  });
  result.catch(() => {}); // The code that awaits the promise receives the error.
  return {
    result,
    endedAt: () => endedAt,
    line: async (pattern) =>
      await new Promise<number>((resolve, reject) => {
        const look = (): void => {
          const found = lines.find(({ text }) => pattern.test(text));
          if (found === undefined && endedAt === undefined) return;
          waiting.delete(look);
          if (found !== undefined) return resolve(found.at);
          const output = lines.map(({ text }) => text).filter((text) => !text.startsWith('::add-mask::'));
          reject(new Error(`the run ended without a line like ${pattern}:\n${output.join('\n')}`));
        };
        waiting.add(look);
        look();
      }),
    kill: (signal) => {
      if (pid !== undefined && endedAt === undefined) process.kill(pid, signal);
    },
  };
}
