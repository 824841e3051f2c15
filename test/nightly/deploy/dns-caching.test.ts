import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ClusterFaults, clusterFaults } from '../../cluster/faults.ts';
import { ADDRESSES, type DnsCache } from '../../cluster/layout.ts';
import { requireCluster } from '../../support/cluster-process.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { eventually } from '../../support/eventually.ts';

const NAME = 'dns-caching';

// The test changes the DNS, so it uses a cluster of its own, independently of KUBECONFIG.
describe('the first mesh', () => {
  let admin: string;
  let faults: ClusterFaults;

  beforeAll(async () => {
    admin = (await requireCluster('start', '--name', NAME, '--nodes', '3')).stdout.trim();
    faults = await clusterFaults(NAME);
  });

  afterAll(async () => {
    faults.close();
    await requireCluster('stop', '--name', NAME);
  });

  test('takes at most 1.5 times as long with DNS caching, which most clusters have', async () => {
    const seconds: Record<DnsCache, number[]> = { on: [], off: [] };
    for (const cache of ['on', 'off', 'on', 'off', 'on', 'off'] as const) {
      await faults.setDnsCache(cache);
      await eventually('CoreDNS', 30, async () => ((await answersDns()) ? true : undefined));
      const fresh = await makeDeployment('first-mesh', admin);
      try {
        seconds[cache].push(await firstMeshSeconds(fresh));
      } finally {
        await fresh.remove();
      }
    }
    await faults.setDnsCache('on');
    process.stderr.write(`first mesh, seconds: DNS caching on ${seconds.on.join(' ')}, off ${seconds.off.join(' ')}\n`);
    expect(median(seconds.on) / median(seconds.off)).toBeLessThanOrEqual(1.5);
  });

  async function answersDns(): Promise<boolean> {
    const dial = `exec 3<>/dev/tcp/${ADDRESSES.dns}/53`;
    return (await faults.exec(['timeout', '2', 'bash', '-c', dial])).code === 0;
  }
});

/** Measures the time from the first write to the last pair of the mesh, from the log lines as they arrive. */
async function firstMeshSeconds(deployment: TestDeployment): Promise<number> {
  let writing = 0;
  let complete = 0;
  const onLine = (line: string): void => {
    if (line.startsWith('issued: ')) {
      writing = performance.now(); // The last of these lines comes right before the first write.
    } else if (/^\[[\d.]+ s\] /.test(line)) {
      complete = performance.now(); // The last of these lines is the last change before the whole mesh.
    }
  };
  const { exitCode, stdout } = await deployment.run({}, { onLine });
  if (exitCode !== 0) {
    throw new Error(`the action ended with ${exitCode}:\n${stdout}`);
  }
  return Math.round(complete - writing) / 1000;
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}
