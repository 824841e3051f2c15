import { clusterNames, podNames } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import type { EndpointSlice } from '../../kubernetes/objects/endpoint-slice.ts';
import type { MeshProblem } from '../../nats/mesh/observation.ts';

/** The pods of the servers that are Ready, UIDs by name. */
export type ReadyPods = ReadonlyMap<string, string>;

/**
 * Returns what is wrong with where the Services lead to: the one of the clients and the headless one to every server,
 * each server's own to that server alone, and none to a pod that is gone.
 */
export function endpointProblems(
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
      : [problem(`leads to ${[...new Set(named)].join(', ')}, which is no server of it now`)]),
  ];
}

/** What is known of the Service of the clients from the looks so far; times in milliseconds of one clock. */
export type Reach = {
  /** UIDs of the pods it leads to, and since when. */
  readonly since: ReadonlyMap<string, number>;
  /** When it last ceased to lead to a pod. */
  readonly endedAt: number;
};

/** Nothing is known of what was there at the first look but that it was there before. */
export function firstReach(service: string, slices: readonly EndpointSlice[]): Reach {
  const before = Number.NEGATIVE_INFINITY;
  return { since: new Map(ledTo(service, slices).map((uid) => [uid, before])), endedAt: before };
}

/** Returns what is known after another look. */
export function nextReach(reach: Reach, service: string, slices: readonly EndpointSlice[], now: number): Reach {
  const led = ledTo(service, slices);
  const hasEnded = [...reach.since.keys()].some((uid) => !led.includes(uid));
  return {
    since: new Map(led.map((uid) => [uid, reach.since.get(uid) ?? now])),
    endedAt: hasEnded ? now : reach.endedAt,
  };
}

/**
 * Returns since when a connection to the Service ends at a server: since the Service leads to one of those it leads to
 * now, and to none that is gone. A node that knows less than the API server has at least that one.
 */
export function reachableSince({ since, endedAt }: Reach): number {
  return Math.max(endedAt, Math.min(...since.values()));
}

function ledTo(service: string, slices: readonly EndpointSlice[]): readonly string[] {
  const endpoints = slices.filter((slice) => slice.service === service).flatMap((slice) => slice.endpoints);
  return endpoints.flatMap(({ ready, pod }) => (ready && pod !== undefined ? [pod.uid] : []));
}
