import { readFile } from 'node:fs/promises';
import { get } from 'node:https';
import { apiReader, readNodes, waitUntil } from './api.ts';
import * as controlPlane from './control-plane.ts';
import { ADDRESSES, type ClusterLayout, type ClusterState, type DnsCache } from './layout.ts';
import { containerd, kubelet } from './node.ts';
import { formatElapsed, type Progress } from './progress.ts';
import type { Program, Supervisor } from './supervisor.ts';

type ReadinessOptions = { readonly dnsCache: DnsCache; readonly progress: Progress; readonly signal: AbortSignal };

/** Waits for the API, starts the programs that need it, and waits for the nodes, the default ServiceAccount and DNS. */
export async function awaitReady(
  layout: ClusterLayout,
  supervisor: Supervisor,
  state: ClusterState,
  options: ReadinessOptions,
  began: number,
): Promise<void> {
  const { progress, signal } = options;
  const elapsed = (): string => formatElapsed(performance.now() - began);
  const api = await apiReader(layout.kubeconfig, signal);
  try {
    await waitUntil(`the API server (${layout.log('kube-apiserver')})`, 60, signal, async () => {
      return (await api.get('/readyz')).status === 200;
    });
    progress(`API ready after ${elapsed()}`);
    for (const program of await findMissingPrograms(layout, supervisor, state.nodes, options.dnsCache)) {
      await supervisor.run(program);
    }
    let ready = -1;
    await waitUntil(`${state.nodes} Ready nodes (npm run cluster -- logs)`, 120, signal, async () => {
      const nodes = await readNodes(api);
      const count = [...nodes.values()].filter(Boolean).length;
      if (count !== ready) {
        ready = count;
        progress(`${count} of ${state.nodes} nodes Ready after ${elapsed()}`);
      }
      return count === state.nodes;
    });
    await waitUntil('the default ServiceAccount', 60, signal, async () => {
      return (await api.get('/api/v1/namespaces/default/serviceaccounts/default')).status === 200;
    });
    await waitUntil('CoreDNS', 60, signal, async () => {
      const probe = await supervisor.exec(['bash', '-c', `exec 3<>/dev/tcp/${ADDRESSES.dns}/53`]);
      return probe.code === 0;
    });
    progress(`cluster ready after ${elapsed()}`);
  } finally {
    api.close();
  }
}

/** Checks whether the API reports itself as ready within 2 s; `/readyz` needs no credentials. */
export async function isApiReady(layout: ClusterLayout, port: number): Promise<boolean> {
  const ca = await readFile(layout.file('pki', 'ca.crt'));
  return await new Promise((resolve) => {
    const sent = get({ host: '127.0.0.1', port, path: '/readyz', ca, timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    sent.once('timeout', () => sent.destroy());
    sent.once('error', () => resolve(false));
  });
}

/** Returns the programs of a cluster with `nodes` nodes that do not run. */
export async function findMissingPrograms(
  layout: ClusterLayout,
  supervisor: Supervisor,
  nodes: number,
  dnsCache: DnsCache,
): Promise<readonly Program[]> {
  const expected: Program[] = [
    controlPlane.etcd(layout),
    controlPlane.apiServer(layout),
    controlPlane.controllerManager(layout),
    controlPlane.scheduler(layout),
    controlPlane.proxy(layout),
    controlPlane.coreDns(layout, dnsCache),
  ];
  for (let index = 1; index <= nodes; index++) {
    expected.push(containerd(layout, index), kubelet(layout, index));
  }
  const alive = new Set((await supervisor.programs()).filter(({ running }) => running).map(({ name }) => name));
  return expected.filter(({ name }) => !alive.has(name));
}
