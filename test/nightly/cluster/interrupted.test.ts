import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, test } from '@jest/globals';
import { clusterDirectory } from '../../cluster/directories.ts';
import { connectCluster } from '../../cluster/running.ts';
import { clusterProcess, requireCluster } from '../../support/cluster-process.ts';
import { findClusterTraces, readClusterNamespaces } from '../../support/cluster-traces.ts';
import { EmbeddedClusters, NOTHING } from '../../support/embedded-clusters.ts';

const NAMES = ['one', 'other', 'killed', 'stale'].map((name) => `interrupted-${name}`);
const [ONE = '', OTHER = '', KILLED = '', STALE = ''] = NAMES;

describe('the embedded Kubernetes', () => {
  const clusters = new EmbeddedClusters(NAMES);

  afterAll(async () => await clusters.stop());

  test('runs twice under different names, and uses only a loopback port of the host', async () => {
    const [, second] = await Promise.all([clusters.start(ONE, 1), clusters.start(OTHER, 1)]);
    const [one, other] = [await connectCluster(ONE), await connectCluster(OTHER)];
    one.supervisor.close();
    other.supervisor.close();
    expect(one.state.port).not.toBe(other.state.port);
    expect(await listeningAddress(one.state.port)).toBe('127.0.0.1');
    await second.stop();
    expect((await requireCluster('status', '--name', ONE)).stdout).toContain('Ready');
  });

  test('starts a program that died again with the next start, and continues', async () => {
    const { supervisor } = await connectCluster(ONE);
    const namespaces = await clusters.namespacesOf(ONE);
    await supervisor.signal('etcd', 9);
    await supervisor.signal('kube-scheduler', 9);
    supervisor.close();
    await delay(200);
    const healed = await requireCluster('start', '--name', ONE, '--nodes', '1');
    expect(healed.progress).toContain('starting etcd again');
    expect(await readClusterNamespaces(ONE)).toEqual(namespaces);
    expect((await requireCluster('status', '--name', ONE)).stdout).not.toContain('ended with');
    await requireCluster('stop', '--name', ONE);
  });

  test('starts again after it was killed', async () => {
    await clusters.start(STALE, 1);
    const namespaces = await clusters.namespacesOf(STALE);
    const lock = join(clusterDirectory(STALE), 'lock');
    const killed = await readFile(lock, 'utf8');
    process.kill(Number(killed.split(' ')[0]), 'SIGKILL');
    await requireCluster('start', '--name', STALE, '--nodes', '1');
    // The numbers of namespaces cannot show this, because the kernel gives the number of a deleted namespace to the
    // next.
    expect(await readFile(lock, 'utf8')).not.toBe(killed);
    await requireCluster('stop', '--name', STALE);
    expect(await findClusterTraces(STALE, namespaces)).toEqual(NOTHING);
  });

  test('cleans up after an interrupted start', async () => {
    const start = clusterProcess('start', '--name', KILLED, '--nodes', '1');
    await until(() => start.progress().includes('starting the control plane'));
    await delay(1500);
    const namespaces = await clusters.namespacesOf(KILLED);
    start.child.kill('SIGINT');
    expect(await start.ended).toBe(1);
    expect(await findClusterTraces(KILLED, namespaces)).toEqual(NOTHING);
  });

  // The times cover the whole start: before the supervisor, with the control plane, with the nodes.
  test.each([150, 700, 1100, 2500, 6000])(
    'leaves nothing after stop if the starter is killed after %i ms',
    async (afterMs) => {
      const start = clusterProcess('start', '--name', KILLED, '--nodes', '1');
      await delay(afterMs);
      const locked = existsSync(join(clusterDirectory(KILLED), 'lock'));
      const namespaces = locked ? await clusters.namespacesOf(KILLED).catch(() => []) : []; // It may not run yet.
      start.child.kill('SIGKILL');
      await start.ended;
      await requireCluster('stop', '--name', KILLED);
      expect(await findClusterTraces(KILLED, namespaces)).toEqual(NOTHING);
    },
  );
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await delay(20);
  }
}

/** Returns the local address of the host's listening TCP socket on a port (proc_pid_net(5)). */
async function listeningAddress(port: number): Promise<string | undefined> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const sockets = `${await readFile('/proc/net/tcp', 'utf8')}${await readFile('/proc/net/tcp6', 'utf8')}`;
  const addresses = [...sockets.matchAll(new RegExp(`: ([0-9A-F]+):${hex} [0-9A-F]+:0000 0A`, 'g'))];
  return addresses.length === 1 && addresses[0]?.[1] === '0100007F' ? '127.0.0.1' : addresses.map(String).join(', ');
}
