import { serviceHost } from './addresses.ts';
import { clusterNames, podNames } from './names.ts';
import type { ClusterSpec, SubjectAltNames } from './spec.ts';

type NamedCluster = Pick<ClusterSpec, 'name' | 'namespace' | 'replicas' | 'subjectAltNames' | 'externalAddresses'>;

/**
 * Returns the names of the server certificate, without duplicates: the Service in each form that a client uses, every
 * pod that `client_advertise` may send a client to, loopback for port-forwards, the external addresses of the Service,
 * and the names that the user added.
 */
export function listServerNames(spec: NamedCluster): SubjectAltNames {
  const { headlessService } = clusterNames(spec.name);
  const dnsNames = [
    ...listHostForms(spec.name, spec.namespace),
    `${serviceHost(spec.name, spec.namespace)}.cluster.local`,
    ...podNames(spec).flatMap((pod) => listHostForms(pod, spec.namespace)),
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
 * Returns those names of `listServerNames` that the NATS cluster cannot work without: the names that outputs,
 * servers and the Action publish or dial, and the names that the user requested. The other names are for the
 * convenience of clients.
 */
export function listNeededServerNames(spec: NamedCluster): SubjectAltNames {
  const { externalAddresses, subjectAltNames } = spec;
  const hosts = [spec.name, ...podNames(spec)].map((subject) => serviceHost(subject, spec.namespace));
  return {
    dnsNames: [...new Set([...hosts, ...externalAddresses.dnsNames, ...subjectAltNames.dnsNames])],
    ipAddresses: [...new Set([...externalAddresses.ipAddresses, ...subjectAltNames.ipAddresses])],
  };
}

/**
 * Returns the names of the route certificate of one pod: exactly the host in its route URL and its advertised address.
 * No wider name is included, so that the certificate of one peer is not valid for another.
 */
export function listRouteNames(pod: string, namespace: string): SubjectAltNames {
  return { dnsNames: [serviceHost(pod, namespace)], ipAddresses: [] };
}

function listHostForms(subject: string, namespace: string): readonly string[] {
  return [subject, `${subject}.${namespace}`, serviceHost(subject, namespace)];
}
