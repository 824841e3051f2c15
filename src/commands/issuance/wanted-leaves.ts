import type { ClusterSpec } from '../../cluster/spec.ts';
import { routeSubjectAltNames } from '../../cluster/subject-alt-names.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { WantedLeaf } from '../../pki/reissue.ts';
import { certifiableServerNames } from './server-names.ts';

/** Returns the wanted content of the server certificate. `bundle` is the CA that signs it, with the CAs above it. */
export function serverLeaf(spec: ClusterSpec, bundle: readonly Certificate[]): WantedLeaf {
  const names = certifiableServerNames(spec, bundle);
  return { commonName: spec.name, usages: ['serverAuth'], keyAlgorithm: spec.keyAlgorithm, ...names };
}

export function routeLeaf(spec: ClusterSpec, pod: string): WantedLeaf {
  const names = routeSubjectAltNames(pod, spec.namespace);
  return { commonName: pod, usages: ['serverAuth', 'clientAuth'], keyAlgorithm: spec.keyAlgorithm, ...names };
}

/**
 * Returns the wanted content of a client certificate. Its common name is the user, by which `verify_and_map` finds a
 * client.
 */
export function clientLeaf(spec: ClusterSpec, user: string): WantedLeaf {
  const names = { dnsNames: [], ipAddresses: [] };
  return { commonName: user, usages: ['clientAuth'], keyAlgorithm: spec.keyAlgorithm, ...names };
}
