import { setTimeout as delay } from 'node:timers/promises';
import { apiServer, coreDns } from './control-plane.ts';
import type { DnsCache } from './layout.ts';
import { nodeProcessMarks, startNode } from './node.ts';
import { connectCluster } from './running.ts';
import { keepScheduler } from './scheduler-keeper.ts';
import type { Supervisor } from './supervisor.ts';

const [SIGKILL, SIGSTOP, SIGCONT] = [9, 19, 18];

/** What can be made to go wrong in a running embedded cluster. Each fault is undone by the function it returns. */
export type ClusterFaults = {
  /** A node loses power: its kubelet, its container runtime and every container end at once. */
  readonly stopNode: (index: number) => Promise<Undo>;
  /** No packet from one pod address reaches the other. Both ways unless `oneWay`. */
  readonly cut: (from: string, to: string, direction: 'both' | 'one-way') => Promise<Undo>;
  /** This share of the packets between two pod addresses is lost, both ways. */
  readonly dropPackets: (between: string, and: string, share: number) => Promise<Undo>;
  /** The API server hangs: connections stay open, nothing is answered. */
  readonly pauseApi: () => Promise<Undo>;
  /** The API server is gone: connections are refused. */
  readonly killApi: () => Promise<Undo>;
  readonly setDnsCache: (cache: DnsCache) => Promise<void>;
  /** Runs a program inside the cluster's network, as a pod on no node would. */
  readonly exec: Supervisor['exec'];
  readonly close: () => void;
};

type Undo = () => Promise<void>;

/** The faults of the embedded cluster with this name, which runs. */
export async function clusterFaults(name: string): Promise<ClusterFaults> {
  const { layout, supervisor } = await connectCluster(name);
  const closing = new AbortController();
  const keeping = keepScheduler(layout, supervisor, closing.signal);
  keeping.catch(() => {}); // The cluster ended, which everybody notices.
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
