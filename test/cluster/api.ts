import { Agent, type RequestOptions, request } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';

/** Reads from a cluster's API as the kubeconfig's user; enough to wait for the cluster and to show its state. */
export type ApiReader = {
  readonly server: string;
  readonly get: (path: string) => Promise<{ readonly status: number; readonly body: string }>;
  readonly close: () => void;
};

/** @throws Error when the kubeconfig cannot be read. */
export async function apiReader(kubeconfig: string, signal: AbortSignal): Promise<ApiReader> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const cluster = config.getCurrentCluster();
  if (cluster === null) {
    throw new Error(`${kubeconfig}: its current context names no cluster`);
  }
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const agent = new Agent({ keepAlive: true });
  return {
    server: cluster.server,
    get: async (path) =>
      await new Promise((resolve, reject) => {
        const url = new URL(path, cluster.server);
        const sent = request(url, { ...options, agent, timeout: 5000, signal });
        sent.once('timeout', () => sent.destroy(new Error(`${url.host} did not answer within 5 s`)));
        sent.once('error', reject);
        sent.once('response', (response) => {
          let body = '';
          response.setEncoding('utf8').on('data', (chunk: string) => {
            body += chunk;
          });
          response.once('error', reject);
          response.once('end', () => resolve({ status: response.statusCode ?? 0, body }));
        });
        sent.end();
      }),
    close: () => agent.destroy(),
  };
}

/** Reads the name of every node that the API knows, and whether it is Ready. */
export async function readNodes(api: ApiReader): Promise<ReadonlyMap<string, boolean>> {
  const { status, body } = await api.get('/api/v1/nodes');
  if (status !== 200) {
    throw new Error(`listing nodes: HTTP ${status}`);
  }
  const list: NodeList = JSON.parse(body);
  return new Map(
    list.items.map((node) => [
      node.metadata.name,
      node.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false,
    ]),
  );
}

type NodeList = {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  }[];
};

/** Repeats the question until the answer is true. A refused connection counts as false. */
export async function waitUntil(
  condition: string,
  seconds: number,
  signal: AbortSignal,
  ask: () => Promise<boolean>,
): Promise<void> {
  const end = performance.now() + seconds * 1000;
  let last: unknown;
  while (performance.now() < end) {
    try {
      if (await ask()) {
        return;
      }
    } catch (error) {
      signal.throwIfAborted();
      last = error; // Not up yet; the deadline's error carries the last one.
    }
    await delay(150, undefined, { signal });
  }
  throw new Error(`${condition}: not within ${seconds} s`, last === undefined ? {} : { cause: last });
}
