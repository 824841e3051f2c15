import { isIP } from 'node:net';
import { integerOf, listOf, recordOf, recordsOf, textOf } from './json.ts';
import type { KubernetesObject } from './object.ts';

/** The targets of a Service (Kubernetes API reference, discovery.k8s.io/v1 EndpointSlice). */
export type EndpointSlice = {
  readonly name: string;
  readonly service: string;
  readonly endpoints: readonly Endpoint[];
};

export type Endpoint = {
  readonly addresses: readonly string[];
  /** Whether traffic is sent to the endpoint. An absent condition counts as true, as the API reference says. */
  readonly ready: boolean;
  /** The pod of the endpoint; undefined if the endpoint was written manually. */
  readonly pod: { readonly name: string; readonly uid: string } | undefined;
};

export function decodeEndpointSlice({ metadata, raw }: KubernetesObject): EndpointSlice {
  return {
    name: metadata.name,
    service: metadata.labels['kubernetes.io/service-name'] ?? '',
    endpoints: recordsOf(raw['endpoints']).map((endpoint) => {
      const target = recordOf(endpoint['targetRef']);
      const [name, uid] = [textOf(target['name']), textOf(target['uid'])];
      return {
        addresses: listOf(endpoint['addresses']).flatMap((address) => textOf(address) ?? []),
        ready: recordOf(endpoint['conditions'])['ready'] !== false,
        pod: target['kind'] === 'Pod' && name !== undefined && uid !== undefined ? { name, uid } : undefined,
      };
    }),
  };
}

const DNS_NAME = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)+$/;

/** The addresses of a Service outside of the Kubernetes cluster (Kubernetes API reference, core/v1 ServiceStatus). */
export type Service = {
  readonly type: string;
  /** Host names, in lower case, and addresses of the load balancer. Invalid values are left out. */
  readonly ingressHostnames: readonly string[];
  readonly ingressIps: readonly string[];
  /** The node port of the first port. */
  readonly nodePort: number | undefined;
};

export function decodeService({ spec, status }: KubernetesObject): Service {
  const wanted = recordOf(spec);
  const ingress = recordsOf(recordOf(recordOf(status)['loadBalancer'])['ingress']);
  const [port] = recordsOf(wanted['ports']);
  const texts = (field: string): readonly string[] => ingress.flatMap((entry) => textOf(entry[field]) ?? []);
  return {
    type: textOf(wanted['type']) ?? 'ClusterIP',
    ingressHostnames: texts('hostname')
      .map((host) => host.toLowerCase())
      .filter((host) => host.length <= 253 && DNS_NAME.test(host)),
    ingressIps: texts('ip').filter((address) => isIP(address) !== 0),
    nodePort: integerOf(port?.['nodePort']),
  };
}
