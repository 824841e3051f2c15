import { isIP } from 'node:net';
import { integerOf, recordOf, recordsOf, textOf } from './json.ts';
import type { KubernetesObject } from './object.ts';

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
