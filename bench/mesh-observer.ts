import { setTimeout as delay } from 'node:timers/promises';
import type { TestNamespace } from '../test/support/namespace.ts';

const LOOK_EVERY_MS = 40;
const SAMPLES = 3;
const TIMEOUT_MS = 180_000;

/** A mesh as seen by an observer that is independent of this action: by the monitoring port through the API server. */
export type SeenMesh = {
  /** The value of `performance.now()` when the first of three equal observations of a full mesh was answered. */
  readonly stableAt: number;
};

/**
 * The connections of nats-server's default pool, and the connection of the system account. If one of them is missing,
 * messages take detours.
 */
const CONNECTIONS = 4;

/**
 * Observes the servers until each of them has reported all connections to all other servers three times in a row, and
 * the connections were the same each time.
 */
export async function awaitStableMesh(
  space: TestNamespace,
  pods: readonly string[],
  signal: AbortSignal,
): Promise<SeenMesh> {
  const end = performance.now() + TIMEOUT_MS;
  let last: string | undefined;
  let stableAt = 0;
  for (let equal = 0; performance.now() < end; ) {
    const views = await Promise.all(pods.map(async (pod) => await routesOf(space, pod)));
    const isFull = views.every((view, own) =>
      pods.every((peer, at) => at === own || view?.peers.get(peer) === CONNECTIONS),
    );
    const connections = isFull ? views.map((view) => view?.connections).join('\n') : undefined;
    if (connections === undefined || connections !== last) {
      equal = 0;
      stableAt = performance.now();
    }
    last = connections;
    if (connections !== undefined && ++equal === SAMPLES) return { stableAt };
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
  throw new Error(`no full mesh of ${pods.join(', ')} within ${TIMEOUT_MS / 1000} s`);
}

/** Counts the routes of all servers to other servers. A server that does not answer counts as 0. */
export async function countRoutes(space: TestNamespace, pods: readonly string[]): Promise<number> {
  const views = await Promise.all(pods.map(async (pod) => await routesOf(space, pod)));
  return views.reduce((sum, view) => sum + (view?.peers.size ?? 0), 0);
}

/** A server's view of the mesh. `peers` has the number of connections to each peer. */
type View = { readonly peers: ReadonlyMap<string, number>; readonly connections: string };

async function routesOf({ core, name: namespace }: TestNamespace, pod: string): Promise<View | undefined> {
  let answer: unknown;
  try {
    const path = 'routez';
    answer = await core.connectGetNamespacedPodProxyWithPath({ name: `${pod}:8222`, namespace, path });
  } catch {
    return undefined; // The server is not ready yet, and the caller waits for it.
  }
  const document: unknown = typeof answer === 'string' ? JSON.parse(answer) : answer;
  const listed = field(document, 'routes');
  const routes: readonly unknown[] = Array.isArray(listed) ? listed : [];
  return {
    peers: countOf(routes.map((route) => String(field(route, 'remote_name')))),
    connections: routes
      .map((route) => `${String(field(route, 'rid'))} ${String(field(route, 'remote_id'))}`)
      .toSorted()
      .join(' '),
  };
}

function countOf(names: readonly string[]): ReadonlyMap<string, number> {
  return new Map(names.map((name) => [name, names.filter((other) => other === name).length]));
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
