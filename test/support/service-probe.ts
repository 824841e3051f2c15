import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { connectCluster } from '../cluster/running.ts';
import { eventually } from './eventually.ts';
import type { TestNamespace } from './namespace.ts';

/** One attempt to reach a server by a Service; times are those of this machine, in milliseconds since the epoch. */
export type Attempt = { readonly startedAt: number; readonly isGreeted: boolean };

export type ServiceProbe = {
  /** Stops the attempts and returns all of them. */
  readonly stop: () => Promise<readonly Attempt[]>;
};

const STOPPED_WITHIN_SECONDS = 120;

/**
 * Connects to the address of a Service again and again from inside the network of the embedded cluster of KUBECONFIG,
 * like a waiting application. A server sends its greeting first, so no credentials are needed. Begins when the Service
 * exists.
 */
export async function probeService({ core, name: namespace }: TestNamespace, name: string): Promise<ServiceProbe> {
  const cluster = basename(dirname(resolve(process.env['KUBECONFIG'] ?? '')));
  const { supervisor } = await connectCluster(cluster);
  const folder = await mkdtemp(join(tmpdir(), 'service-probe-'));
  const [script, end] = [join(folder, 'probe.mjs'), join(folder, 'end')];
  await writeFile(script, PROBE);
  const address = await eventually(`Service ${name}`, 60, async () => {
    const { items } = await core.listNamespacedService({ namespace });
    return items.find(({ metadata }) => metadata?.name === name)?.spec?.clusterIP;
  });
  const running = supervisor.exec([process.execPath, script, address, '4222', end], {
    seconds: STOPPED_WITHIN_SECONDS,
  });
  return {
    stop: async () => {
      await writeFile(end, '');
      const { stdout, stderr } = await running;
      supervisor.close();
      await rm(folder, { recursive: true });
      const lines = stdout.split('\n').filter((line) => line !== '');
      if (lines.length === 0) throw new Error(`the probe told nothing: ${stderr}`);
      return lines.map((line) => {
        const [startedAt = '', outcome = ''] = line.split(' ');
        return { startedAt: Number(startedAt), isGreeted: outcome === 'greeted' };
      });
    },
  };
}

/**
 * The program of the attempts. Each begins 5 ms after the end of the previous one; an attempt without an answer ends
 * after 1 s.
 */
const PROBE = `
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
const [address, port, end] = process.argv.slice(2);
const attempt = () => new Promise((done) => {
  const socket = connect({ host: address, port: Number(port) });
  const over = (outcome) => { socket.destroy(); done(outcome); };
  socket.setTimeout(1000, () => over('silent'));
  socket.once('error', () => over('refused'));
  socket.once('data', (data) => over(String(data).startsWith('INFO ') ? 'greeted' : 'strange'));
});
while (!existsSync(end)) {
  const startedAt = Date.now();
  console.log(startedAt, await attempt());
  await new Promise((done) => setTimeout(done, 5));
}
`;
