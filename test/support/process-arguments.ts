import { readdirSync, readFileSync } from 'node:fs';

const EVERY_MS = 200;

/** Reads the command lines of a process and of its child processes, as every user of the machine can. */
export function watchArguments(pid: number): { readonly stop: () => readonly string[] } {
  const seen = new Set<string>();
  const look = (): void => addArguments(pid, seen);
  look();
  const timer = setInterval(look, EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return [...seen];
    },
  };
}

function addArguments(pid: number, seen: Set<string>): void {
  try {
    seen.add(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));
    for (const task of readdirSync(`/proc/${pid}/task`)) {
      const children = readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim();
      for (const child of children === '' ? [] : children.split(' ')) addArguments(Number(child), seen);
    }
  } catch {
    // The process ended during the read.
  }
}
