import { setTimeout as delay } from 'node:timers/promises';
import { apiServer, coreDns } from './control-plane.ts';
import type { DnsCache } from './layout.ts';
import { nodeProcessMarks, startNode } from './node.ts';
import { connectCluster } from './running.ts';
import { keepScheduler } from './scheduler-keeper.ts';
import type { Supervisor } from './supervisor.ts';

const [SIGKILL, SIGSTOP, SIGCONT] = [9, 19, 18];

/** The possible faults of a running embedded cluster. Each fault is undone by the function it returns. */
export type ClusterFaults = {
  /** Cuts the power of a node: its kubelet, its container runtime and every container end at once. */
  readonly stopNode: (index: number) => Promise<Undo>;
  /** Drops all packets between two pod addresses; with `one-way` only those from the first to the second. */
  readonly cut: (from: string, to: string, direction: 'both' | 'one-way') => Promise<Undo>;
  /** Drops this share of the packets between two pod addresses, both ways. */
  readonly dropPackets: (between: string, and: string, share: number) => Promise<Undo>;
  /** Pauses the API server: connections stay open without answers. */
  readonly pauseApi: () => Promise<Undo>;
  /** Ends the API server: connections are refused. */
  readonly killApi: () => Promise<Undo>;
  readonly setDnsCache: (cache: DnsCache) => Promise<void>;
  /** Runs a program inside the cluster's network, but not as a pod on a node. */
  readonly exec: Supervisor['exec'];
  readonly close: () => void;
};

type Undo = () => Promise<void>;

/** Returns the faults of the running embedded cluster with this name. */
export async function clusterFaults(name: string): Promise<ClusterFaults> {
  const { layout, supervisor } = await connectCluster(name);
  const closing = new AbortController();
  const keeping = keepScheduler(layout, supervisor, closing.signal);
  keeping.catch(() => {}); // If the cluster has ended, every test fails by itself.
  const awaitEnd = async (program: string): Promise<void> => {
    while ((await supervisor.programs()).some(({ name, running }) => name === program && running)) {
      await delay(20);
    }
  };
  const drop = async (rule: readonly string[]): Promise<Undo> => {
    await supervisor.require('iptables', '-w', '-I', 'FORWARD', ...rule, '-j', 'DROP');
    return async () => {
      await supervisor.require('iptables', '-w', '-D', 'FORWARD', ...rule, '-j', 'DROP');
    };
  };
  return {
    stopNode: async (index) => {
      await supervisor.kill(nodeProcessMarks(layout, index));
      await awaitEnd(`kubelet-${index}`);
      await awaitEnd(`containerd-${index}`);
      return async () => {
        await startNode(layout, supervisor, index, [], new AbortController().signal);
      };
    },
    cut: async (from, to, direction) => {
      const there = await drop(['-s', from, '-d', to]);
      const back = direction === 'both' ? await drop(['-s', to, '-d', from]) : undefined;
      return async () => {
        await there();
        await back?.();
      };
    },
    dropPackets: async (between, and, share) => {
      const random = ['-m', 'statistic', '--mode', 'random', '--probability', String(share)];
      const there = await drop(['-s', between, '-d', and, ...random]);
      const back = await drop(['-s', and, '-d', between, ...random]);
      return async () => {
        await there();
        await back();
      };
    },
    pauseApi: async () => {
      await supervisor.signal('kube-apiserver', SIGSTOP);
      return async () => await supervisor.signal('kube-apiserver', SIGCONT);
    },
    killApi: async () => {
      await supervisor.signal('kube-apiserver', SIGKILL);
      await awaitEnd('kube-apiserver');
      return async () => await supervisor.run(apiServer(layout));
    },
    setDnsCache: async (cache) => {
      await supervisor.signal('coredns', SIGKILL);
      await awaitEnd('coredns');
      await supervisor.run(coreDns(layout, cache));
    },
    exec: async (argv, options) => await supervisor.exec(argv, options),
    close: () => {
      closing.abort();
      supervisor.close();
    },
  };
}
