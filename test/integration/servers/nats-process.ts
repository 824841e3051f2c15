import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provideNatsServer } from '../../cluster/nats-server.ts';
import type { NatsServerVersion } from '../../cluster/versions.ts';
import { eventually } from '../../support/eventually.ts';

/** The configuration as JSON, which nats-server reads. */
export type Configuration = Readonly<Record<string, unknown>>;

export type NatsProcess = {
  readonly directory: string;
  readonly ports: { readonly client: number; readonly route: number };
  readonly configure: (configuration: Configuration) => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** Starts a server on ports of its own choice; `configuration` receives the folder for its files. */
export async function startNats(
  version: NatsServerVersion,
  configuration: (directory: string) => Promise<Configuration>,
): Promise<NatsProcess> {
  const directory = await mkdtemp(join(tmpdir(), 'nats-servers-'));
  const configure = async (content: Configuration) => {
    const whole = { host: '127.0.0.1', port: -1, ports_file_dir: directory, ...content };
    await writeFile(join(directory, 'nats.conf'), JSON.stringify(whole));
  };
  await configure(await configuration(directory));
  const binary = await provideNatsServer(version);
  const child = spawn(binary, ['-c', join(directory, 'nats.conf'), '-l', join(directory, 'log')], { stdio: 'ignore' });
  const stop = async () => {
    await awaitEnd(child);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    return { directory, ports: await portsOf(child, directory), configure, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function portsOf(child: ChildProcess, directory: string): Promise<NatsProcess['ports']> {
  return await eventually('ports of nats-server', 20, async () => {
    if (child.exitCode !== null) {
      throw new Error(`nats-server ended: ${await readFile(join(directory, 'log'), 'utf8')}`);
    }
    const text = await readFile(join(directory, `nats-server_${child.pid}.ports`), 'utf8').catch(() => '');
    const port = (list: string) =>
      Number(new RegExp(`"${list}":\\s*\\["[a-z]+://127.0.0.1:(\\d+)"`).exec(text)?.[1] ?? 0);
    return port('nats') === 0 ? undefined : { client: port('nats'), route: port('cluster') };
  });
}

async function awaitEnd(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }
}
