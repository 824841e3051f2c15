import { setTimeout as delay } from 'node:timers/promises';
import { connectKubernetes } from '../src/kubernetes/api.ts';
import { loadKubeConfig } from '../src/kubernetes/kubeconfig.ts';
import { decodeVarz } from '../src/nats/mesh/monitoring.ts';
import { connectServer, type ServerConnection } from '../src/servers/connection.ts';
import { fetchSystem, reloadServer } from '../src/servers/system.ts';
import { PODS } from '../test/support/cluster-load.ts';
import { readSecret } from '../test/support/live-cluster.ts';
import type { TestNamespace } from '../test/support/namespace.ts';
import { editSecret } from '../test/support/objects.ts';

const POLL_MS = 25;
/** The period with which the action annotates again: the kubelet may see the annotation before it sees the Secret. */
const ANNOTATE_EVERY_MS = 3000;
const TIMEOUT_MS = 10_000;
/** Longer than the period of the kubelet's list of containers (generic PLEG, `pkg/kubelet/kubelet.go`). */
const QUIET_MS = 1500;
const TAG = 'floor:changed';

/** The time until every pod had the change, in ms. */
export type Refreshed = {
  /** The time for pods without any event for a while. */
  readonly quietMs: number;
  /**
   * The time right after another change: a kubelet examines a pod again only after it has listed all containers, once a
   * second.
   */
  readonly nextMs: number;
};

export type VolumeRefresh = {
  readonly measure: () => Promise<Refreshed>;
  readonly close: () => Promise<void>;
};

/**
 * Measures the lower bound of any change by configuration reload: from the annotation of all pods at once until the
 * volume of every pod holds the new content. The bench observes the content through a tag in nats.conf, because the
 * image may have no program that reads files: it makes every server reload again and again until the server has the
 * tag.
 */
export function volumeRefresh(space: TestNamespace): VolumeRefresh {
  const connection = loadKubeConfig({ kind: 'content', yaml: space.config.exportConfig() }, undefined, {});
  const api = connectKubernetes(connection);
  const { signal } = new AbortController();
  const annotate = async (): Promise<void> => {
    const value = { metadata: { annotations: { 'bench/refresh': String(performance.now()) } } };
    const patch = async (name: string) =>
      await api.patch(
        { kind: 'Pod', name, namespace: space.name },
        { kind: 'merge', value },
        { fieldManager: 'bench' },
        signal,
      );
    await Promise.all(PODS.map(patch));
  };
  const untilSeen = async (servers: readonly ServerConnection[], isTagged: boolean): Promise<number> => {
    const begun = performance.now();
    await annotate();
    const again = setInterval(() => void annotate(), ANNOTATE_EVERY_MS);
    try {
      await Promise.all(servers.map(async (server) => await untilTagged(server, isTagged)));
    } finally {
      clearInterval(again);
    }
    return performance.now() - begun;
  };
  const dial = async (pod: string): Promise<ServerConnection> => {
    const [texts, { 'ca.crt': trust = '' }] = [
      await readSecret(space, 'nats-system'),
      await readSecret(space, 'tls-nats-client'),
    ];
    const opened = await connectServer({
      dial: async (port) => await api.portForward(space.name, pod, port, signal),
      trust,
      serverName: `${pod}.${space.name}.svc`,
      user: texts['system-username'] ?? '',
      password: texts['system-password'] ?? '',
      signal,
      timeoutMs: TIMEOUT_MS,
    });
    if (!opened.ok) throw new Error(opened.failure.message);
    return opened.value;
  };
  return {
    measure: async () => {
      const servers = await Promise.all(PODS.map(dial));
      try {
        const restore = await editSecret(space, 'nats-config', ({ 'nats.conf': text = '' }) => {
          return { 'nats.conf': text.replace('server_tags: [\n', `server_tags: [\n  "${TAG}"\n`) };
        });
        await delay(QUIET_MS);
        const quietMs = await untilSeen(servers, true);
        await restore();
        return { quietMs, nextMs: await untilSeen(servers, false) };
      } finally {
        await Promise.all(servers.map(async (server) => await server.close()));
      }
    },
    close: async () => await api.close(),
  };
}

async function untilTagged(server: ServerConnection, isTagged: boolean): Promise<void> {
  const end = performance.now() + 60_000;
  for (;;) {
    const reloaded = await reloadServer(server, TIMEOUT_MS);
    const answer = reloaded.ok ? await fetchSystem(server, 'VARZ', TIMEOUT_MS) : reloaded;
    if (!answer.ok) throw new Error(answer.failure.message);
    const varz = decodeVarz(answer.value);
    if (varz.kind === 'decoded' && varz.value.tags.includes(TAG) === isTagged) return;
    if (performance.now() > end) throw new Error('a volume was not refreshed within a minute');
    await delay(POLL_MS);
  }
}
