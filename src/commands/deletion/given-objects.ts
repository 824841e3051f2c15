import type { KubernetesObject, OwnerReference } from '../../kubernetes/objects/object.ts';
import { decodeSecret } from '../../kubernetes/objects/secret.ts';

/**
 * The names, by kind, of the objects that Kubernetes, OpenShift and Istio put into every namespace of some clusters.
 */
const GIVEN: Readonly<Record<string, readonly string[]>> = {
  ConfigMap: ['kube-root-ca.crt', 'openshift-service-ca.crt', 'istio-ca-root-cert'],
  ServiceAccount: ['default', 'builder', 'deployer'],
  RoleBinding: ['system:image-pullers', 'system:image-builders', 'system:deployers'],
};

const GIVEN_SECRET_TYPES = ['kubernetes.io/service-account-token', 'kubernetes.io/dockercfg'];

/** The label of the objects that the Operator Lifecycle Manager installed and copies into every namespace. */
const COPIED_LABEL = 'olm.copiedFrom';

/**
 * Checks whether an object does not show that a namespace is in use: the cluster puts it into every namespace, or it is
 * deleted with its owners. `namespaced` holds the kinds that are namespaced, as `apps/StatefulSet`: such an owner is
 * found itself, or is gone. An object with a cluster-wide owner is content.
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
