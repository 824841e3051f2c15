import { readdirSync, readFileSync } from 'node:fs';

const EVERY_MS = 200;

/** The command lines of a process and of what it starts, as everybody on its machine can read them. */
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
    // It ended while it was read.
  }
}
