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
 * The names of `serverSubjectAltNames` that the NATS cluster cannot do without: those that the outputs, the servers and
 * this Action hand out or dial, and those that were asked for. The others are for the convenience of clients.
 */
export function neededServerNames(spec: NamedCluster): SubjectAltNames {
  const { externalAddresses, subjectAltNames } = spec;
  const hosts = [spec.name, ...podNames(spec)].map((subject) => serviceHost(subject, spec.namespace));
  return {
    dnsNames: [...new Set([...hosts, ...externalAddresses.dnsNames, ...subjectAltNames.dnsNames])],
    ipAddresses: [...new Set([...externalAddresses.ipAddresses, ...subjectAltNames.ipAddresses])],
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
