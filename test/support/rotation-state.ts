import type { TestNamespace } from './namespace.ts';

/** The state that a rotation must leave unchanged: processes, and the connections between them. */
export type RotationState = {
  /** UID and restarts of the container, by pod. */
  readonly pods: Readonly<Record<string, string>>;
  /** The IDs of the route connections, by server; a new connection has another ID. */
  readonly routes: Readonly<Record<string, readonly number[]>>;
};

/** Reads the state of a deployment `nats`, whose namespace has no other pods. */
export async function readRotationState(space: TestNamespace): Promise<RotationState> {
  const { items } = await space.core.listNamespacedPod({ namespace: space.name });
  const pods = items.map(({ metadata, status }) => {
    const restarts = status?.containerStatuses?.map(({ restartCount }) => restartCount).join(',');
    return [metadata?.name ?? '', `${metadata?.uid}, restarts: ${restarts}`] as const;
  });
  const routes = await Promise.all(
    pods.map(async ([pod]) => {
      const rows = await monitored(space, pod, 'routez', 'routes');
      return [pod, rows.map((row) => numberOf(row, 'rid')).toSorted((left, right) => left - right)] as const;
    }),
  );
  return { pods: Object.fromEntries(pods), routes: Object.fromEntries(routes) };
}

/** Reads the connections of `LoadClient`s, as `pod/cid`; a new connection has another ID. */
export async function readLoadConnections(space: TestNamespace): Promise<readonly string[]> {
  const { items } = await space.core.listNamespacedPod({ namespace: space.name });
  const connections = await Promise.all(
    items.map(async ({ metadata }) => {
      const pod = metadata?.name ?? '';
      const rows = await monitored(space, pod, 'connz', 'connections');
      return rows.filter((row) => valueOf(row, 'lang') === 'load').map((row) => `${pod}/${numberOf(row, 'cid')}`);
    }),
  );
  return connections.flat().toSorted();
}

/** Reads the rows that the monitoring port of a pod's server lists. */
async function monitored(
  { core, name: namespace }: TestNamespace,
  pod: string,
  path: string,
  list: string,
): Promise<readonly unknown[]> {
  const answer: unknown = await core.connectGetNamespacedPodProxyWithPath({ name: `${pod}:8222`, namespace, path });
  const rows = valueOf(typeof answer === 'string' ? JSON.parse(answer) : answer, list);
  if (!Array.isArray(rows)) throw new Error(`${path} of ${pod} lists no ${list}`);
  return rows.map((row: unknown) => row);
}

function valueOf(row: unknown, key: string): unknown {
  return typeof row === 'object' && row !== null ? Object.entries(row).find(([name]) => name === key)?.[1] : undefined;
}

function numberOf(row: unknown, key: string): number {
  const value = valueOf(row, key);
  if (typeof value !== 'number') throw new Error(`expected ${key} to be a number, got ${typeof value}`);
  return value;
}
