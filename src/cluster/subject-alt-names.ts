import { serviceHost } from './addresses.ts';
import { clusterNames, podNames } from './names.ts';
import type { ClusterSpec, SubjectAltNames } from './spec.ts';

type NamedCluster = Pick<ClusterSpec, 'name' | 'namespace' | 'replicas' | 'subjectAltNames' | 'externalAddresses'>;

/**
 * What the certificate for clients names: the Service in each form a client writes, every pod that
 * `client_advertise` may send a client to, loopback for port-forwards, where the Service is reached from outside, and
 * what the user added. No duplicates.
 */
export function serverSubjectAltNames(spec: NamedCluster): SubjectAltNames {
  const { headlessService } = clusterNames(spec.name);
  const dnsNames = [
    ...hostForms(spec.name, spec.namespace),
    `${serviceHost(spec.name, spec.namespace)}.cluster.local`,
    ...podNames(spec).flatMap((pod) => hostForms(pod, spec.namespace)),
    `*.${serviceHost(headlessService, spec.namespace)}`,
    'localhost',
    ...spec.externalAddresses.dnsNames,
    ...spec.subjectAltNames.dnsNames,
  ];
  return {
    dnsNames: [...new Set(dnsNames)],
    ipAddresses: [
      ...new Set(['127.0.0.1', ...spec.externalAddresses.ipAddresses, ...spec.subjectAltNames.ipAddresses]),
    ],
  };
}

/**
 * What the route certificate of one pod names: exactly the host in its route URL and its advertised address.
 * Nothing wider, so that one peer's certificate does not pass for another's.
 */
export function routeSubjectAltNames(pod: string, namespace: string): SubjectAltNames {
  return { dnsNames: [serviceHost(pod, namespace)], ipAddresses: [] };
}

function hostForms(subject: string, namespace: string): readonly string[] {
  return [subject, `${subject}.${namespace}`, serviceHost(subject, namespace)];
}
