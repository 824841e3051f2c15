import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import { connectKubernetes } from '../../src/kubernetes/api.ts';
import { loadKubeConfig } from '../../src/kubernetes/kubeconfig.ts';
import { connectServer } from '../../src/servers/connection.ts';
import { readGreeting } from '../../src/servers/server-info.ts';
import { reloadServer } from '../../src/servers/system.ts';
import { eventually } from './eventually.ts';
import { readSecret } from './live-cluster.ts';
import type { TestNamespace } from './namespace.ts';

type ServerPort = 4222 | 6222;

/** The servers of a namespace, reached as its administrator, independently of the action. */
export type ServerReach = {
  readonly dial: (pod: string, port: number) => Promise<Duplex>;
  /** Reads the leaf certificate that a port presents, from any issuer. */
  readonly presented: (pod: string, port: ServerPort) => Promise<X509Certificate>;
  /** Refreshes the volume of a pod of deployment `nats` and reloads its server until `isArrived`. */
  readonly reload: (pod: string, isArrived: () => Promise<boolean>) => Promise<void>;
  readonly close: () => Promise<void>;
};

export function reachServers(space: TestNamespace): ServerReach {
  const connection = loadKubeConfig({ kind: 'content', yaml: space.config.exportConfig() }, undefined, {});
  const api = connectKubernetes(connection);
  const { signal } = new AbortController();
  const dial: ServerReach['dial'] = async (pod, port) => await api.portForward(space.name, pod, port, signal);
  return {
    dial,
    presented: async (pod, port) => await readPresentedCertificate(await dial(pod, port), port),
    reload: async (pod, isArrived) => {
      await eventually(`${pod} runs what was given to it`, 60, async () => {
        const ref = { kind: 'Pod', name: pod, namespace: space.name } as const;
        const value = { metadata: { annotations: { 'test/refresh': String(performance.now()) } } };
        await api.patch(ref, { kind: 'merge', value }, { fieldManager: 'test' }, signal);
        await reloadOnce(space, pod, async () => await dial(pod, 4222));
        return (await isArrived()) || undefined;
      });
    },
    close: async () => await api.close(),
  };
}

async function readPresentedCertificate(stream: Duplex, port: ServerPort): Promise<X509Certificate> {
  stream.on('error', () => {}); // The TLS socket or the reader of the greeting reports the error.
  const greeting = port === 4222 ? await readGreeting(stream) : undefined;
  if (greeting?.ok === false) throw new Error(greeting.failure.message);
  const socket = connect({ socket: stream, rejectUnauthorized: false });
  try {
    await once(socket, 'secureConnect');
    const leaf = socket.getPeerX509Certificate();
    if (leaf === undefined) throw new Error(`port ${port} presents no certificate`);
    return leaf;
  } finally {
    socket.on('error', () => {}); // The server may refuse the missing client certificate after it has sent its own.
    socket.destroy();
    stream.destroy();
  }
}

async function reloadOnce(space: TestNamespace, pod: string, dial: () => Promise<Duplex>): Promise<void> {
  const texts = await readSecret(space, 'nats-system');
  const { 'ca.crt': trust = '' } = await readSecret(space, 'tls-nats-client');
  const opened = await connectServer({
    dial,
    trust,
    serverName: `${pod}.${space.name}.svc`,
    user: texts['system-username'] ?? '',
    password: texts['system-password'] ?? '',
    signal: new AbortController().signal,
    timeoutMs: 10_000,
  });
  if (!opened.ok) throw new Error(opened.failure.message);
  const answer = await reloadServer(opened.value, 10_000);
  await opened.value.close();
  if (!answer.ok) throw new Error(answer.failure.message);
}
