import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provideNatsServer } from '../cluster/nats-server.ts';
import type { NatsServerVersion } from '../cluster/versions.ts';
import { eventually } from './eventually.ts';
import { takeFreePort } from './loopback-ports.ts';

export type NatsServerPorts = {
  readonly clientPort: number;
  readonly clusterPort: number;
  readonly monitorPort: number;
};

export type NatsServerStart = NatsServerPorts & {
  readonly version: NatsServerVersion;
  /** The text of nats.conf; it must listen on the ports above. */
  readonly configuration: string;
  readonly environment?: Readonly<Record<string, string>>;
};

/** A real nats-server on 127.0.0.1. */
export type NatsServer = NatsServerPorts & {
  readonly pid: number;
  readonly log: () => Promise<string>;
  /**
   * Sends SIGHUP with this configuration. Returns true when the server accepted it, and false when it logged a refusal.
   */
  readonly reload: (configuration: string) => Promise<boolean>;
  /** Stops the process and removes its folder; a second call does nothing. */
  readonly stop: () => Promise<void>;
};

const START_SECONDS = 30;

/** Finds three ports that were free a moment ago, for a configuration that names them. */
export async function takeFreeServerPorts(): Promise<NatsServerPorts> {
  return { clientPort: await takeFreePort(), clusterPort: await takeFreePort(), monitorPort: await takeFreePort() };
}

/** Starts a server and waits until it is ready. A server that ends before is an error with its log. */
export async function startNatsServer(start: NatsServerStart): Promise<NatsServer> {
  const binary = await provideNatsServer(start.version);
  const directory = await mkdtemp(join(tmpdir(), 'nats-server-'));
  const configurationFile = join(directory, 'nats.conf');
  const logFile = join(directory, 'log');
  let child: ChildProcess | undefined;
  const stop = async () => {
    if (child !== undefined) {
      await endProcess(child);
    }
    await rm(directory, { recursive: true, force: true });
  };
  const log = async () => await readFile(logFile, 'utf8');
  try {
    await writeFile(configurationFile, start.configuration, { mode: 0o600 });
    child = launch(binary, configurationFile, logFile, start.environment ?? {});
    await ready(child, log);
  } catch (error) {
    await stop();
    throw error;
  }
  const { pid } = child;
  if (pid === undefined) {
    await stop();
    throw new Error('nats-server was started without a process id');
  }
  const reload = async (configuration: string) => {
    await writeFile(configurationFile, configuration, { mode: 0o600 });
    const seen = findReloadOutcomes(await log()).length;
    process.kill(pid, 'SIGHUP');
    const outcome = await eventually('the reload', START_SECONDS, async () => findReloadOutcomes(await log())[seen]);
    return outcome.startsWith('Reloaded');
  };
  const { clientPort, clusterPort, monitorPort } = start;
  return { clientPort, clusterPort, monitorPort, pid, log, reload, stop };
}

/**
 * Starts the process. It logs to a file, so that a full pipe cannot block it, and it ends with this process, however
 * this process ends.
 */
function launch(
  binary: string,
  configurationFile: string,
  logFile: string,
  environment: Readonly<Record<string, string>>,
): ChildProcess {
  const output = openSync(logFile, 'a');
  try {
    const child = spawn(binary, ['--config', configurationFile], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', output, output],
    });
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    child.once('exit', () => process.off('exit', kill));
    return child;
  } finally {
    closeSync(output);
  }
}

async function ready(child: ChildProcess, log: () => Promise<string>): Promise<void> {
  let failure: unknown;
  child.once('error', (error) => {
    failure = error;
  });
  await eventually('nats-server ready', START_SECONDS, async () => {
    if (failure !== undefined || child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`nats-server ended before it was ready: ${await log()}`, { cause: failure });
    }
    return (await log()).includes('Server is ready') || undefined;
  });
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

function findReloadOutcomes(log: string): readonly string[] {
  return log.match(/Reloaded server configuration|Failed to reload server configuration/g) ?? [];
}
