import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createRunner, type Runner } from '../../../src/runner/runner.ts';
import { recordedDoor } from '../../support/recorded-door.ts';
import { SECRETS } from './canaries.ts';

/** A runner with its files in a folder of the test; it knows the canaries. */
export type Scene = {
  readonly runner: Runner;
  /** Returns the output since the last call. */
  readonly take: () => Left;
  readonly remove: () => void;
};

export type Left = {
  readonly written: string;
  readonly summary: string;
  /** The files of reports, by name. */
  readonly files: Readonly<Record<string, string>>;
  /** The number of uses of each command. */
  readonly asked: Readonly<Record<string, number>>;
  /** The processor time of this process between two calls. */
  readonly cpuMs: number;
};

export function makeScene(): Scene {
  const folder = mkdtempSync(join(tmpdir(), 'trust-'));
  const summaryFile = join(folder, 'summary');
  const { door, take } = recordedDoor();
  SECRETS.forEach(door.hide);
  door.info('the forms of the canaries are made');
  let asked: Record<string, number> = {};
  const count = (name: string): void => {
    asked[name] = (asked[name] ?? 0) + 1;
  };
  const counting = {
    ...door,
    debug: (text: string) => {
      count('debug');
      door.debug(text);
    },
    warning: (title: string, text: string) => {
      count('warning');
      door.warning(title, text);
    },
    error: (...args: Parameters<typeof door.error>) => {
      count('error');
      door.error(...args);
    },
    setOutput: (...args: Parameters<typeof door.setOutput>) => {
      count('set-output');
      door.setOutput(...args);
    },
  };
  take();
  let begun = process.cpuUsage();
  return {
    runner: createRunner(
      { RUNNER_TEMP: folder, GITHUB_STEP_SUMMARY: summaryFile },
      new AbortController().signal,
      counting,
    ),
    take: () => {
      const { user, system } = process.cpuUsage(begun);
      const left = {
        written: take(),
        summary: existsSync(summaryFile) ? readFileSync(summaryFile, 'utf8') : '',
        files: takenFiles(folder),
        asked,
        cpuMs: (user + system) / 1000,
      };
      asked = {};
      writeFileSync(summaryFile, '');
      begun = process.cpuUsage();
      return left;
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

function takenFiles(folder: string): Readonly<Record<string, string>> {
  const reports = readdirSync(folder).filter((name) => name.startsWith('nats-cluster-'));
  const files = reports.flatMap((report) => {
    const entries = readdirSync(join(folder, report), { recursive: true, withFileTypes: true });
    const texts = entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => [name, readFileSync(join(parentPath, name), 'utf8')] as const);
    rmSync(join(folder, report), { recursive: true });
    return texts;
  });
  return Object.fromEntries(files);
}
