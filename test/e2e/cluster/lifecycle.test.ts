import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, test } from '@jest/globals';
import { clusterDirectory } from '../../cluster/directories.ts';
import { clusterFaults } from '../../cluster/faults.ts';
import { clusterProcess, requireCluster } from '../../support/cluster-process.ts';
import { findClusterTraces, readClusterNamespaces } from '../../support/cluster-traces.ts';
import { EmbeddedClusters, NOTHING } from '../../support/embedded-clusters.ts';

const NAMES = ['one', 'killed'].map((name) => `lifecycle-${name}`);
const [ONE = '', KILLED = ''] = NAMES;

describe('the embedded Kubernetes', () => {
  const clusters = new EmbeddedClusters(NAMES);

  afterAll(async () => await clusters.stop());

  test('starts Ready nodes; a second start does nothing and takes under 3 s; stop leaves nothing', async () => {
    const first = await clusters.start(ONE, 2);
    expect((await requireCluster('status', '--name', ONE)).stdout).toMatch(/node-1 +Ready\nnode-2 +Ready\n/);
    expect((await requireCluster('logs', '--name', ONE)).stdout).toMatch(/apiserver.*\n/);
    const namespaces = await clusters.namespacesOf(ONE);
    const before = await findClusterTraces(ONE, namespaces);
    expect(before.processes.length).toBeGreaterThan(8);
    expect(before.cgroups.length).toBeGreaterThan(0);

    const began = performance.now();
    const second = await requireCluster('start', '--name', ONE, '--nodes', '2');
    expect(performance.now() - began).toBeLessThan(3000);
    expect(second.stdout.trim()).toBe(first.kubeconfig);
    expect(await readClusterNamespaces(ONE)).toEqual(namespaces);
    await requireSteadyBridge(ONE);

    await requireCluster('stop', '--name', ONE);
    expect(await findClusterTraces(ONE, namespaces)).toEqual(NOTHING);
    await first.stop();
    await requireCluster('stop', '--name', ONE);
  });

  test('leaves nothing after stop if the starter is killed while the control plane starts', async () => {
    const start = clusterProcess('start', '--name', KILLED, '--nodes', '1');
    await delay(1100);
    const locked = existsSync(join(clusterDirectory(KILLED), 'lock'));
    const namespaces = locked ? await clusters.namespacesOf(KILLED).catch(() => []) : []; // It may not run yet.
    start.child.kill('SIGKILL');
    await start.ended;
    await requireCluster('stop', '--name', KILLED);
    expect(await findClusterTraces(KILLED, namespaces)).toEqual(NOTHING);
  });

  test('refuses invalid options with the expected values', async () => {
    for (const [args, expected] of [
      [['start', '--nodes', 'many'], '--nodes NaN: expected a whole number from 1 to 9'],
      [['start', '--name', 'No Good'], '--name No Good: expected at most 20 lower-case letters'],
      [['start', '--dns-cache', 'maybe'], '--dns-cache maybe: expected on or off'],
      [['status', '--name', 'absent'], 'No embedded cluster "absent" runs'],
    ] as const) {
      const refused = clusterProcess(...args);
      expect(await refused.ended).toBe(1);
      expect(refused.progress()).toContain(expected);
    }
  });
});

/**
 * Requires that the bridge keeps its address while a pod with the lowest address of all is created and deleted. If the
 * address changed, packets through the bridge would be lost.
 */
async function requireSteadyBridge(name: string): Promise<void> {
  const faults = await clusterFaults(name);
  const inside = async (script: string): Promise<string> => (await faults.exec(['bash', '-c', script])).stdout.trim();
  const address = 'ip -o link show cni0 | grep -o "ether [^ ]*"';
  const before = await inside(address);
  const lowest =
    'ip link add low address 00:00:00:00:00:02 type veth peer name low-peer && ip link set low master cni0 up';
  expect(await inside(`${lowest} && ${address}; ip link del low`)).toBe(before);
  faults.close();
}
