import type { ClusterSpec } from '../../cluster/spec.ts';
import { routeSubjectAltNames } from '../../cluster/subject-alt-names.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { WantedLeaf } from '../../pki/reissue.ts';
import { certifiableServerNames } from './server-names.ts';

/** Returns what the server certificate is to hold when a CA signs it that is given with those above it. */
export function serverLeaf(spec: ClusterSpec, bundle: readonly Certificate[]): WantedLeaf {
  const names = certifiableServerNames(spec, bundle);
  return { commonName: spec.name, usages: ['serverAuth'], keyAlgorithm: spec.keyAlgorithm, ...names };
}

export function routeLeaf(spec: ClusterSpec, pod: string): WantedLeaf {
  const names = routeSubjectAltNames(pod, spec.namespace);
  return { commonName: pod, usages: ['serverAuth', 'clientAuth'], keyAlgorithm: spec.keyAlgorithm, ...names };
}

/** Its common name is the user: what `verify_and_map` looks a client up by. */
export function clientLeaf(spec: ClusterSpec, user: string): WantedLeaf {
  const names = { dnsNames: [], ipAddresses: [] };
  return { commonName: user, usages: ['clientAuth'], keyAlgorithm: spec.keyAlgorithm, ...names };
}
