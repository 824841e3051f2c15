import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Folder = {
  readonly path: (name: string) => string;
  readonly write: (name: string, text: string) => string;
  readonly read: (name: string) => string;
  /** Runs a program that must succeed and returns its output; the error output is in the thrown error otherwise. */
  readonly run: (program: string, ...args: readonly string[]) => string;
};

/** Runs `work` in a folder that is always removed afterwards. */
export function inFolder<Result>(work: (folder: Folder) => Result): Result {
  const root = mkdtempSync(join(tmpdir(), 'pki-'));
  const path = (name: string): string => join(root, name);
  try {
    return work({
      path,
      write: (name, text) => {
        writeFileSync(path(name), text, { mode: 0o600 });
        return path(name);
      },
      read: (name) => readFileSync(path(name), 'utf8'),
      run: (program, ...args) => execFileSync(program, args, { cwd: root, encoding: 'utf8', stdio: 'pipe' }),
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
