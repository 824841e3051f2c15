import { clusterNames, podNames } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import type { MeshProblem } from '../../nats/mesh/observation.ts';
import type { EndpointSlice } from '../../objects/service.ts';

/** The Ready pods of the servers, as UIDs by name. */
export type ReadyPods = ReadonlyMap<string, string>;

/**
 * Returns the problems of the endpoints. The client Service and the headless one have to lead to every server, each
 * server's own Service to that server alone, and none to a pod that is gone.
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
  const strange = led.filter(({ pod }) => !wanted.has(pod?.uid));
  const named = strange.map(({ pod, addresses }) => pod?.name ?? addresses.join(', '));
  const problem = (what: string): MeshProblem => {
    return { from: service, to: undefined, reason: 'OtherEndpoints', message: `Service ${service}: ${what}` };
  };
  return [
    ...(missing.length === 0 ? [] : [problem(`does not lead to ${missing.join(', ')} yet`)]),
    ...(named.length === 0
      ? []
      : [problem(`leads to ${[...new Set(named)].join(', ')}, which is not one of its servers now`)]),
  ];
}

/** The knowledge about the client Service from the looks so far. Times are milliseconds of one clock. */
export type Reach = {
  /** The UIDs of the pods that the Service leads to, and since when. */
  readonly since: ReadonlyMap<string, number>;
  /** The time at which the Service last ceased to lead to a pod. */
  readonly endedAt: number;
};

/** Returns the knowledge after the first look: its endpoints were there before, since an unknown time. */
export function beginReach(service: string, slices: readonly EndpointSlice[]): Reach {
  const before = Number.NEGATIVE_INFINITY;
  return { since: new Map(listLedPods(service, slices).map((uid) => [uid, before])), endedAt: before };
}

/** Returns the knowledge after another look. */
export function updateReach(reach: Reach, service: string, slices: readonly EndpointSlice[], now: number): Reach {
  const led = listLedPods(service, slices);
  const hasEnded = [...reach.since.keys()].some((uid) => !led.includes(uid));
  return {
    since: new Map(led.map((uid) => [uid, reach.since.get(uid) ?? now])),
    endedAt: hasEnded ? now : reach.endedAt,
  };
}

/**
 * Returns the time since which a connection to the Service ends at a server: since then the Service leads to one of its
 * present servers, and to no server that is gone. A node that knows less than the API server knows at least that
 * server.
 */
export function findReachableSince({ since, endedAt }: Reach): number {
  return Math.max(endedAt, Math.min(...since.values()));
}

function listLedPods(service: string, slices: readonly EndpointSlice[]): readonly string[] {
  const endpoints = slices.filter((slice) => slice.service === service).flatMap((slice) => slice.endpoints);
  return endpoints.flatMap(({ ready, pod }) => (ready && pod !== undefined ? [pod.uid] : []));
}
