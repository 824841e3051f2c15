import { clusterNames, podNames } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import type { MeshProblem } from '../../nats/mesh/observation.ts';
import type { EndpointSlice } from '../../objects/service.ts';

/** The Ready pods of the servers, as UIDs by name. */
export type ReadyPods = ReadonlyMap<string, string>;

/**
 * Returns the problems of the endpoints. The client Service and the headless Service must lead to every server, and
 * each server's own Service only to that server. No Service may lead to a deleted pod.
 */
export function findEndpointProblems(
  spec: Pick<ClusterSpec, 'name' | 'replicas'>,
  pods: ReadyPods,
  slices: readonly EndpointSlice[],
): readonly MeshProblem[] {
  const { service, headlessService } = clusterNames(spec.name);
  const servers = podNames(spec);
  return [
    ...[service, headlessService].flatMap((name) => problemsOf(name, servers, pods, slices)),
    ...servers.flatMap((server) => problemsOf(server, [server], pods, slices)),
  ];
}

function problemsOf(
  service: string,
  servers: readonly string[],
  pods: ReadyPods,
  slices: readonly EndpointSlice[],
): readonly MeshProblem[] {
  const endpoints = slices.filter((slice) => slice.service === service).flatMap((slice) => slice.endpoints);
  const led = endpoints.filter(({ ready }) => ready);
  const missing = servers.filter((name) => !led.some(({ pod }) => pod !== undefined && pod.uid === pods.get(name)));
  const wanted = new Set(servers.map((name) => pods.get(name)));
  const unexpected = led.filter(({ pod }) => !wanted.has(pod?.uid));
  const named = unexpected.map(({ pod, addresses }) => pod?.name ?? addresses.join(', '));
  const problem = (text: string): MeshProblem => {
    return { from: service, to: undefined, reason: 'OtherEndpoints', message: `Service ${service}: ${text}` };
  };
  return [
    ...(missing.length === 0 ? [] : [problem(`does not lead to ${missing.join(', ')} yet`)]),
    ...(named.length === 0
      ? []
      : [problem(`leads to ${[...new Set(named)].join(', ')}, which is not one of its servers now`)]),
  ];
}

/** The history of the endpoints of the client Service. Times are milliseconds of one monotonic clock. */
export type EndpointHistory = {
  /** The time since which the Service leads to each pod, by UID. */
  readonly since: ReadonlyMap<string, number>;
  /** The time at which the Service last lost an endpoint. */
  readonly endedAt: number;
};

/** Returns the history after the first list. Its endpoints have existed for an unknown time. */
export function startHistory(service: string, slices: readonly EndpointSlice[]): EndpointHistory {
  const before = Number.NEGATIVE_INFINITY;
  return { since: new Map(listLedPods(service, slices).map((uid) => [uid, before])), endedAt: before };
}

/** Returns the history after a change of the endpoints. */
export function updateHistory(
  history: EndpointHistory,
  service: string,
  slices: readonly EndpointSlice[],
  now: number,
): EndpointHistory {
  const led = listLedPods(service, slices);
  const hasEnded = [...history.since.keys()].some((uid) => !led.includes(uid));
  return {
    since: new Map(led.map((uid) => [uid, history.since.get(uid) ?? now])),
    endedAt: hasEnded ? now : history.endedAt,
  };
}

/**
 * Returns the time since which every connection to the Service reaches a server. Since then the Service has had at
 * least one of its present endpoints, and no deleted one. A node that lags behind the API server knows at least that
 * endpoint.
 */
export function findReachableSince({ since, endedAt }: EndpointHistory): number {
  return Math.max(endedAt, Math.min(...since.values()));
}

function listLedPods(service: string, slices: readonly EndpointSlice[]): readonly string[] {
  const endpoints = slices.filter((slice) => slice.service === service).flatMap((slice) => slice.endpoints);
  return endpoints.flatMap(({ ready, pod }) => (ready && pod !== undefined ? [pod.uid] : []));
}
