import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makeNodeCgroup } from './cgroups.ts';
import { kubeProgram } from './control-plane.ts';
import { PAUSE_IMAGE } from './images.ts';
import { ADDRESSES, type ClusterLayout, clusterCgroup, nodeAddress, nodeName } from './layout.ts';
import { PATH, type Program, Supervisor } from './supervisor.ts';

/** Writes the files that a node's programs read, and gives the node its address. */
export async function prepareNode(layout: ClusterLayout, supervisor: Supervisor, index: number): Promise<void> {
  const node = nodeName(index);
  for (const directory of ['kubelet', 'containerd', 'state', 'network']) {
    await mkdir(layout.file(node, directory), { recursive: true });
  }
  await makeNodeCgroup(layout.name, node);
  await writeFile(layout.file(node, 'containerd.toml'), containerdConfiguration(layout, node));
  await writeFile(layout.file(node, 'kubelet.yaml'), kubeletConfiguration(layout, index));
  await writeFile(layout.file(node, 'network', '10-bridge.conflist'), networkConfiguration(layout));
  await supervisor.require('ip', 'addr', 'replace', `${nodeAddress(index)}/32`, 'dev', 'lo');
}

/** Starts the node's container runtime, loads its missing images, then starts its kubelet. */
export async function startNode(
  layout: ClusterLayout,
  supervisor: Supervisor,
  index: number,
  images: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  await supervisor.run(containerd(layout, index));
  await awaitContainerd(layout, index, signal);
  await loadImages(layout, index, images, signal);
  await supervisor.run(kubelet(layout, index));
}

/** Returns texts of which every process of the node has one in its command line or cgroup. */
export function nodeProcessMarks(layout: ClusterLayout, index: number): readonly string[] {
  const node = nodeName(index);
  return [`${layout.file(node)}/`, `/${clusterCgroup(layout.name)}/${node}/`];
}

export function containerd(layout: ClusterLayout, index: number): Program {
  return {
    name: `containerd-${index}`,
    argv: [join(layout.programs, 'containerd'), '--config', layout.file(nodeName(index), 'containerd.toml')],
    // A killed shim of containerd leaves a file in the temporary folder. In the folder of the cluster, `stop` removes
    // it.
    env: [PATH.replace('=', `=${layout.programs}:`), `HOME=${layout.directory}`, `TMPDIR=${layout.directory}`],
    log: layout.log(`containerd-${index}`),
  };
}

export function kubelet(layout: ClusterLayout, index: number): Program {
  const node = nodeName(index);
  return kubeProgram(layout, `kubelet-${index}`, 'kubelet', [
    `--config=${layout.file(node, 'kubelet.yaml')}`,
    `--kubeconfig=${layout.file('pki', `${node}.kubeconfig`)}`,
    `--hostname-override=${node}`,
    `--root-dir=${layout.file(node, 'kubelet')}`,
    `--cert-dir=${layout.file(node, 'pki')}`,
    `--node-ip=${nodeAddress(index)}`,
  ]);
}

/** Waits until containerd answers, because a kubelet without an answering container runtime ends at once. */
export async function awaitContainerd(layout: ClusterLayout, index: number, signal: AbortSignal): Promise<void> {
  await withCtr(layout, index, async (ctr) => {
    for (let attempt = 1; (await ctr('version')).code !== 0; attempt++) {
      if (attempt === 100) {
        throw new Error(`containerd of ${nodeName(index)} does not answer; see ${layout.log(`containerd-${index}`)}`);
      }
      await delay(100, undefined, { signal });
    }
  });
}

async function loadImages(
  layout: ClusterLayout,
  index: number,
  images: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  await withCtr(layout, index, async (ctr) => {
    for (const image of images) {
      signal.throwIfAborted();
      const { code, stderr } = await ctr('images', 'import', '--local', image);
      if (code !== 0) {
        throw new Error(`loading ${image} on ${nodeName(index)} ended with ${code}: ${stderr.trim()}`);
      }
    }
  });
}

type Ctr = (...args: readonly string[]) => ReturnType<Supervisor['exec']>;

/**
 * Runs the loader inside the namespaces of the cluster, because it then ends with the cluster. It has its own
 * connection to the supervisor, because one connection runs one program at a time and several nodes load their images
 * in parallel.
 */
async function withCtr(layout: ClusterLayout, index: number, use: (ctr: Ctr) => Promise<void>): Promise<void> {
  const socket = layout.file(nodeName(index), 'containerd.sock');
  const ctr = [join(layout.programs, 'ctr'), '--address', socket, '--namespace', 'k8s.io'];
  const supervisor = await Supervisor.connect(layout.controlSocket);
  try {
    await use(async (...args) => await supervisor.exec([...ctr, ...args]));
  } finally {
    supervisor.close();
  }
}

function containerdConfiguration(layout: ClusterLayout, node: string): string {
  const file = (name: string): string => layout.file(node, name);
  return `version = 3
root = "${file('containerd')}"
state = "${file('state')}"
[grpc]
  address = "${file('containerd.sock')}"
[ttrpc]
  address = "${file('containerd.sock.ttrpc')}"
[plugins."io.containerd.cri.v1.runtime"]
  restrict_oom_score_adj = true
  disable_hugetlb_controller = true
  tolerate_missing_hugetlb_controller = true
  enable_cdi = false
  [plugins."io.containerd.cri.v1.runtime".cni]
    bin_dirs = ["/usr/lib/cni"]
    conf_dir = "${file('network')}"
  [plugins."io.containerd.cri.v1.runtime".containerd]
    default_runtime_name = "runc"
    [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
        SystemdCgroup = false
[plugins."io.containerd.cri.v1.images".pinned_images]
  sandbox = "${PAUSE_IMAGE}"
[plugins."io.containerd.nri.v1.nri"]
  disable = true
`;
}

/**
 * Renders the kubelet's configuration: the defaults, above all `syncFrequency`, except where a machine without systemd
 * needs another value.
 */
function kubeletConfiguration(layout: ClusterLayout, index: number): string {
  const node = nodeName(index);
  return `apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication: {anonymous: {enabled: true}, webhook: {enabled: false}}
authorization: {mode: AlwaysAllow}
address: ${nodeAddress(index)}
healthzPort: 0
failCgroupV1: false
failSwapOn: false
cgroupDriver: cgroupfs
cgroupRoot: /${clusterCgroup(layout.name)}/${node}
enforceNodeAllocatable: []
containerRuntimeEndpoint: unix://${layout.file(node, 'containerd.sock')}
clusterDNS: [${ADDRESSES.dns}]
clusterDomain: cluster.local
resolvConf: ${layout.file('resolv.conf')}
evictionHard: {memory.available: "50Mi", nodefs.available: "1%", imagefs.available: "1%"}
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
podLogsDir: ${layout.file(node, 'pod-logs')}
volumePluginDir: ${layout.file(node, 'volume-plugins')}
makeIPTablesUtilChains: false
`;
}

/** Renders the network configuration: one bridge for the pods of all nodes, which share one list of addresses. */
function networkConfiguration(layout: ClusterLayout): string {
  const ipam = {
    type: 'host-local',
    dataDir: layout.file('addresses'),
    ranges: [[{ subnet: ADDRESSES.podRange, gateway: ADDRESSES.podGateway }]],
    routes: [{ dst: '0.0.0.0/0' }],
  };
  const bridge = { type: 'bridge', bridge: 'cni0', isGateway: true, ipMasq: false, hairpinMode: true, ipam };
  return JSON.stringify({ cniVersion: '1.0.0', name: 'pods', plugins: [bridge] });
}
