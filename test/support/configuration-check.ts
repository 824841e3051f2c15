import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text as collected } from 'node:stream/consumers';
import { provideNatsServer } from '../cluster/nats-server.ts';
import type { NatsServerVersion } from '../cluster/versions.ts';

export type ServerCheck = {
  readonly accepted: boolean;
  /** The digest that the server prints, from 2.11 on. */
  readonly digest: string | undefined;
  readonly output: string;
};

export type CheckedText = {
  readonly text: string;
  /** The texts of included files, by name. */
  readonly files?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
};

/** Runs `nats-server -t` on a configuration and returns its verdict. */
export async function checkWithServer(version: NatsServerVersion, checked: CheckedText): Promise<ServerCheck> {
  const binary = await provideNatsServer(version);
  const directory = await mkdtemp(join(tmpdir(), 'nats-check-'));
  try {
    for (const [name, text] of Object.entries({ ...checked.files, 'nats.conf': checked.text })) {
      const path = join(directory, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text, { mode: 0o600 });
    }
    const child = spawn(binary, ['-t', '-c', join(directory, 'nats.conf')], {
      env: { ...checked.environment },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const [output] = await Promise.all([collected(child.stderr), once(child, 'exit')]);
    return { accepted: child.exitCode === 0, digest: /sha256:[0-9a-f]{64}/.exec(output)?.[0], output };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * Adds uses of the variables. nats-server accepts any value under any key that a variable uses; a later `debug` makes
 * it a known key.
 */
export function withUses(text: string, keys: readonly string[]): string {
  return keys.length === 0 ? text : `${text}\n${keys.map((key) => `debug: $${key}\n`).join('')}debug: false\n`;
}
