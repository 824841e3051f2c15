import { listOf, recordOf, recordsOf, textOf } from './json.ts';
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
