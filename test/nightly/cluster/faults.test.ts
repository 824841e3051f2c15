import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CoreV1Api, KubeConfig, StorageV1Api } from '@kubernetes/client-node';
import { type ClusterFaults, clusterFaults } from '../../cluster/faults.ts';
import { connectCluster } from '../../cluster/running.ts';
import { DEFAULT_NATS_SERVER_VERSION } from '../../cluster/versions.ts';
import { provideLocalVolumes } from '../../cluster/volumes.ts';
import { type AttachedCluster, attachEmbeddedCluster } from '../../support/attached-cluster.ts';
import { eventually } from '../../support/eventually.ts';

const NAME = 'broken';

// These tests break nodes and networks, so they use a cluster of their own, independently of KUBECONFIG.
describe('the embedded Kubernetes', () => {
  let cluster: AttachedCluster;
  let core: CoreV1Api;
  let storage: StorageV1Api;
  let faults: ClusterFaults;

  beforeAll(async () => {
    cluster = await attachEmbeddedCluster(NAME, 2);
    const config = new KubeConfig();
    config.loadFromFile(cluster.kubeconfig);
    core = config.makeApiClient(CoreV1Api);
    storage = config.makeApiClient(StorageV1Api);
    faults = await clusterFaults(NAME);
  });

  afterAll(async () => {
    faults.close();
    await cluster.stop();
  });

  test('keeps the data of a pod on its local PersistentVolume', async () => {
    const { layout, supervisor } = await connectCluster(NAME);
    supervisor.close();
    const { storageClass, volumes: local } = await provideLocalVolumes(layout, 2, 1, '1Gi');
    await storage.createStorageClass({ body: storageClass });
    for (const body of local) {
      await core.createPersistentVolume({ body });
    }
    await core.createNamespacedPersistentVolumeClaim({
      namespace: 'default',
      body: {
        metadata: { name: 'data' },
        spec: {
          accessModes: ['ReadWriteOnce'],
          storageClassName: 'local',
          resources: { requests: { storage: '1Gi' } },
        },
      },
    });
    const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
    const volumeMounts = [{ name: 'data', mountPath: '/data' }];
    const container = { name: 'server', image: image(), args: ['-js', '-sd', '/data'], volumeMounts };
    const body = { metadata: { name: 'stored' }, spec: { containers: [container], volumes } };
    await core.createNamespacedPod({ namespace: 'default', body });
    await podReady('stored');
    const claim = await core.readNamespacedPersistentVolumeClaim({ name: 'data', namespace: 'default' });
    expect(claim.status?.phase).toBe('Bound');
    const store = layout.file('volumes', String(claim.spec?.volumeName), 'jetstream');
    expect((await faults.exec(['ls', store])).code).toBe(0);
  });

  test('blocks packets between two pods in one or both directions, or drops a part of them', async () => {
    const [left, right] = [await runServer('left', 'node-1'), await runServer('right', 'node-2')];
    // The source is a pod's address: a server on its own bridge port dials the other as an explicit route.
    const connected = async (): Promise<boolean> => await routed(right, left);
    expect(await connected()).toBe(true);
    const undo = await faults.cut(left, right, 'both');
    expect(await connected()).toBe(false);
    await undo();
    const undoOneWay = await faults.cut(right, left, 'one-way');
    expect(await connected()).toBe(false);
    await undoOneWay();
    const undoDrop = await faults.dropPackets(left, right, 1);
    expect(await connected()).toBe(false);
    await undoDrop();
    expect(await connected()).toBe(true);
  });

  test('starts a scheduler again that has exited', async () => {
    const { supervisor } = await connectCluster(NAME);
    const scheduler = async () => (await supervisor.programs()).findLast(({ name }) => name === 'kube-scheduler');
    const before = await scheduler();
    await supervisor.signal('kube-scheduler', 9);
    await eventually('another scheduler', 30, async () => {
      const now = await scheduler();
      return (now?.running === true && now.pid !== before?.pid) || undefined;
    });
    supervisor.close();
  });

  test('keeps its objects over a paused and a killed API server; the former is silent, the latter refuses connections', async () => {
    const answers = async (): Promise<boolean> =>
      await Promise.race([core.listNode().then(() => true), delay(1500, false)]).catch(() => false);
    for (const fault of [faults.pauseApi, faults.killApi]) {
      const undo = await fault();
      expect(await answers()).toBe(false);
      await undo();
      await eventually('the API back', 60, async () => (await answers()) || undefined);
    }
    expect((await core.listNode()).items).toHaveLength(2);
  });

  test('records every request with its verb and resource in the audit log', async () => {
    const { layout, supervisor } = await connectCluster(NAME);
    supervisor.close();
    const lines = (await readFile(layout.audit, 'utf8')).trim().split('\n');
    const events = lines.map((line): unknown => JSON.parse(line));
    expect(events).toContainEqual(
      expect.objectContaining({ verb: 'create', objectRef: expect.objectContaining({ resource: 'pods' }) }),
    );
  });

  test('reports a stopped node as NotReady, and as Ready after its start', async () => {
    const undo = await faults.stopNode(2);
    const state = async (): Promise<string | undefined> => {
      const node = await core.readNode({ name: 'node-2' });
      return node.status?.conditions?.find(({ type }) => type === 'Ready')?.status;
    };
    await eventually('NotReady', 120, async () => ((await state()) === 'Unknown' ? true : undefined));
    await undo();
    await eventually('Ready again', 60, async () => ((await state()) === 'True' ? true : undefined));
  });

  async function runServer(name: string, nodeName: string): Promise<string> {
    const readinessProbe = { tcpSocket: { port: 4222 }, periodSeconds: 1 };
    const container = { name: 'server', image: image(), args: ['-p', '4222', '-m', '8222'], readinessProbe };
    await core.createNamespacedPod({
      namespace: 'default',
      body: { metadata: { name }, spec: { nodeName, containers: [container] } },
    });
    return await podReady(name);
  }

  /** Checks whether the pod at one address can open a connection to the other, from the first one's own network. */
  async function routed(to: string, from: string): Promise<boolean> {
    const find = `for n in /var/run/netns/*; do ip netns exec $(basename $n) ip -4 -o addr | grep -q ' ${from}/' && basename $n; done`;
    const { stdout } = await faults.exec(['bash', '-c', find]);
    const dial = `ip netns exec ${stdout.trim()} timeout 2 bash -c 'exec 3<>/dev/tcp/${to}/4222'`;
    return (await faults.exec(['bash', '-c', dial])).code === 0;
  }

  async function podReady(name: string): Promise<string> {
    return await eventually(`pod ${name} Ready`, 60, async () => {
      const { status } = await core.readNamespacedPod({ name, namespace: 'default' });
      const ready = status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True');
      return ready === true ? status?.podIP : undefined;
    });
  }
});

function image(): string {
  return `nats:${DEFAULT_NATS_SERVER_VERSION}`;
}
