import type { KubernetesObject, OwnerReference } from '../../kubernetes/objects/object.ts';
import { decodeSecret } from '../../kubernetes/objects/secret.ts';

/** In every namespace of some clusters: by Kubernetes, OpenShift and Istio. */
const GIVEN: Readonly<Record<string, readonly string[]>> = {
  ConfigMap: ['kube-root-ca.crt', 'openshift-service-ca.crt', 'istio-ca-root-cert'],
  ServiceAccount: ['default', 'builder', 'deployer'],
  RoleBinding: ['system:image-pullers', 'system:image-builders', 'system:deployers'],
};

const GIVEN_SECRET_TYPES = ['kubernetes.io/service-account-token', 'kubernetes.io/dockercfg'];

/** The Operator Lifecycle Manager copies what it installed into every namespace, with this label. */
const COPIED_LABEL = 'olm.copiedFrom';

/**
 * Tells whether an object says nothing of what a namespace is used for: the cluster puts it into every namespace, or it goes
 * with its owners. `namespaced` holds the kinds that stand in namespaces, as `apps/StatefulSet`: such an owner is found
 * itself, or gone; an object that a cluster-wide one owns is content.
 */
export function isGiven(object: KubernetesObject, namespaced: ReadonlySet<string>): boolean {
  const { kind, metadata } = object;
  const { ownerReferences, labels, name } = metadata;
  if (ownerReferences.length > 0 && ownerReferences.every((owner) => namespaced.has(kindOf(owner)))) return true;
  if (labels[COPIED_LABEL] !== undefined) return true;
  if (kind === 'Secret') return GIVEN_SECRET_TYPES.includes(decodeSecret(object).type);
  return GIVEN[kind]?.includes(name) ?? false;
}

function kindOf({ apiVersion, kind }: OwnerReference): string {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return `${group}/${kind}`;
}
