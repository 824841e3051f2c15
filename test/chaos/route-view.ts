/** The state that one server reports of itself and its routes. */
export type RouteView = {
  readonly pod: string;
  readonly id: string;
  readonly version: string;
  readonly tls: boolean;
  readonly routes: readonly { readonly name: string; readonly id: string }[];
};

/** A pool of three connections and one of the system account's own (nats-server, `cluster.pool_size`). */
const CONNECTIONS = 4;

/** Parses the answers VARZ and ROUTEZ of the monitoring port. */
export function parseRouteView(pod: string, varz: unknown, routez: unknown): RouteView {
  const rows = field(routez, 'routes');
  return {
    pod,
    id: text(varz, 'server_id'),
    version: text(varz, 'version'),
    tls: field(varz, 'tls_required') === true,
    routes: (Array.isArray(rows) ? rows : []).map((row: unknown) => ({
      name: text(row, 'remote_name'),
      id: text(row, 'remote_id'),
    })),
  };
}

/** Returns every reason why these servers are not one mesh; an empty list for a mesh. */
export function findMeshFaults(views: readonly RouteView[]): readonly string[] {
  const ids = new Map(views.map(({ pod, id }) => [pod, id]));
  return views.flatMap(({ pod, tls, routes }) => {
    const peers = views.filter((view) => view.pod !== pod).map((view) => view.pod);
    const strangers = routes.filter(({ name, id }) => !peers.includes(name) || ids.get(name) !== id);
    const few = peers
      .map((peer) => ({ peer, count: routes.filter(({ name }) => name === peer).length }))
      .filter(({ count }) => count !== CONNECTIONS);
    return [
      ...(tls ? [] : [`${pod} takes clients without TLS`]),
      ...strangers.map(({ name, id }) => `${pod} has a route to ${name} (${id}), which is no peer now`),
      ...few.map(({ peer, count }) => `${pod} has ${count} routes to ${peer}`),
    ];
  });
}

function text(value: unknown, key: string): string {
  const found = field(value, key);
  return typeof found === 'string' ? found : '';
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([name]) => name === key)?.[1]
    : undefined;
}
