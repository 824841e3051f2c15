import { afterEach, beforeEach, jest } from '@jest/globals';
import type { KubernetesApi } from '../../../../src/kubernetes/api.ts';
import type { Eviction } from '../../../../src/kubernetes/object-writes.ts';
import { type JsonRecord, recordOf, textOf } from '../../../../src/objects/json.ts';
import { InMemoryApi } from './in-memory-api.ts';
import { hasLabels, isReady, runControllers } from './in-memory-controllers.ts';
import { InMemoryKubelet } from './in-memory-kubelet.ts';
import { InMemoryObjects } from './in-memory-objects.ts';
import { type Faults, InMemoryNetwork } from './in-memory-servers.ts';
import { Journal } from './journal.ts';
import { openPort } from './server-ports.ts';
import { VirtualClock } from './virtual-clock.ts';

export const NAMESPACE = 'messaging';

/** A Kubernetes cluster in memory, with its controllers, kubelets and nats-servers, and a clock of its own. */
export class SimulatedCluster {
  readonly clock = new VirtualClock();
  readonly journal = new Journal(this.clock);
  readonly objects = new InMemoryObjects();
  readonly network = new InMemoryNetwork(this.clock, this.journal);
  readonly api: KubernetesApi;

  constructor() {
    const { clock, journal, objects, network } = this;
    const kubelet = new InMemoryKubelet({ clock, objects, network, journal });
    const terminate = (pod: JsonRecord): void => kubelet.terminate(pod);
    const evict = (pod: JsonRecord): Eviction => {
      const because = this.#budgetAgainst(pod);
      if (because !== undefined) return { kind: 'denied', because };
      terminate(pod);
      return { kind: 'evicted' };
    };
    const ports = { clock, network, reload: kubelet.reload.bind(kubelet) };
    const dial = (pod: string, port: number) => {
      const server = network.server(pod);
      return server === undefined ? undefined : openPort(ports, server, port);
    };
    const log = (pod: string) => network.server(pod)?.log;
    this.api = new InMemoryApi({ clock, journal, objects, machinery: { terminate, evict, dial, log } });
    runControllers({ objects, journal, terminate });
    for (const name of ['node-a', 'node-b', 'node-c', 'node-d', 'node-e']) objects.put(node(name));
    objects.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
  }

  get faults(): Faults {
    return this.network.faults;
  }

  /** Ends the servers and restores the clock of the test. */
  close(): void {
    for (const pod of this.objects.list('Pod')) {
      const server = this.network.server(textOf(recordOf(pod['metadata'])['name']) ?? '');
      for (const session of server?.sessions ?? []) session.end();
    }
    this.clock.uninstall();
  }

  /** Returns why a disruption budget protects a pod now (`unhealthyPodEvictionPolicy: AlwaysAllow`). */
  #budgetAgainst(pod: JsonRecord): string | undefined {
    if (!isReady(pod)) return undefined;
    const budgets = this.objects.list('PodDisruptionBudget').map(({ spec }) => recordOf(spec));
    const isUsedUp = budgets.some(({ selector, maxUnavailable }) => {
      const labels = recordOf(selector)['matchLabels'];
      const sets = this.objects
        .list('StatefulSet')
        .filter(({ spec }) => hasLabels({ metadata: recordOf(recordOf(spec)['template'])['metadata'] }, labels));
      const expected = sets.reduce((sum, { spec }) => sum + Number(recordOf(spec)['replicas']), 0);
      const healthy = this.objects.list('Pod').filter((each) => hasLabels(each, labels) && isReady(each)).length;
      return hasLabels(pod, labels) && healthy - (expected - Number(maxUnavailable)) <= 0;
    });
    return isUsedUp ? "Cannot evict pod as it would violate the pod's disruption budget." : undefined;
  }
}

/** Gives every test of a file its own simulated cluster, with time for a busy machine. */
export function useCluster(): () => SimulatedCluster {
  let cluster: SimulatedCluster | undefined;
  jest.setTimeout(60_000);
  beforeEach(() => {
    cluster = new SimulatedCluster();
  });
  afterEach(() => cluster?.close());
  return () => {
    if (cluster === undefined) throw new Error('only a test has a cluster');
    return cluster;
  };
}

function node(name: string): JsonRecord {
  const status = { conditions: [{ type: 'Ready', status: 'True' }] };
  return { apiVersion: 'v1', kind: 'Node', metadata: { name, labels: {} }, spec: {}, status };
}
