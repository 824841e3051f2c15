import {
  FIELD_MANAGER,
  HELM,
  INSTANCE_LABEL,
  MANAGED_BY,
  MANAGER_LABEL,
  parsePodOrdinal,
  RENDERED_ANNOTATION,
} from '../../cluster/names.ts';
import { canOwn, isOwnedKind } from '../../cluster/owned-names.ts';
import { isDeploymentName } from '../../cluster/preview.ts';
import { recordOf, textOf } from '../../objects/json.ts';
import type { KubernetesObject } from '../../objects/object.ts';

/** The owner of an object from the view of one deployment, decided by instance, manager and name. */
export type Ownership =
  /** This action applied it for this deployment. Labels that were removed by hand since then do not matter. */
  | { readonly kind: 'ours' }
  /** It has the labels of this deployment, but another tool applied it, as kubectl does with rendered objects. */
  | { readonly kind: 'installed' }
  /** Helm installed it from a chart that was rendered for this deployment. */
  | { readonly kind: 'rendered' }
  /** This action applied it, but its label now names another manager. */
  | { readonly kind: 'handed-over'; readonly manager: string }
  /** It belongs to another deployment of this action. */
  | { readonly kind: 'of-deployment'; readonly deployment: string }
  /** It has the labels of this deployment under a name that the deployment never uses. */
  | { readonly kind: 'misnamed' }
  /** Another owner made it. `owner` is, for example, `Helm (release nats)` or `kubectl-create`. */
  | { readonly kind: 'of-other'; readonly owner: string };

/** Returns the owner of this object from the view of the deployment `name`. Every command decides by this answer. */
export function determineOwnership(name: string, object: KubernetesObject): Ownership {
  const { kind, metadata } = object;
  const manager = metadata.labels[MANAGER_LABEL];
  const isApplied = isWrittenByAction(object);
  const instance = readInstance(object);
  if (!isOfAction(object)) return { kind: 'of-other', owner: describeOwner(object) };
  if (instance !== undefined && instance !== name) return { kind: 'of-deployment', deployment: instance };
  if (isOwnedKind(kind) && !canOwn(name, { kind, name: metadata.name })) return { kind: 'misnamed' };
  if (manager === HELM && metadata.annotations[RENDERED_ANNOTATION] !== undefined) return { kind: 'rendered' };
  if (manager !== undefined && manager !== MANAGED_BY) {
    return isApplied ? { kind: 'handed-over', manager } : { kind: 'of-other', owner: describeOwner(object) };
  }
  return isApplied ? { kind: 'ours' } : { kind: 'installed' };
}

/** Checks whether `deploy` may write the object. Server-side apply itself detects fields that other managers hold. */
export function isWritable({ kind }: Ownership): boolean {
  switch (kind) {
    case 'ours':
    case 'installed':
    case 'rendered':
    case 'handed-over':
      return true;
    case 'of-deployment':
    case 'misnamed':
    case 'of-other':
      return false;
  }
}

/** Returns the name of the deployment that an object of this action states; undefined for any other object. */
export function readDeploymentName(object: KubernetesObject): string | undefined {
  const instance = readInstance(object);
  return isOfAction(object) && instance !== undefined && isDeploymentName(instance) ? instance : undefined;
}

/**
 * Returns the manager of the object as far as it is known: `Helm (release nats)`, the value of the manager label, or
 * the manager that wrote it first.
 */
export function describeOwner({ metadata }: KubernetesObject): string {
  const release = metadata.annotations[RELEASE_ANNOTATION];
  if (release !== undefined) return `Helm (release ${release})`;
  return metadata.labels[MANAGER_LABEL] ?? metadata.managedFields[0]?.manager ?? 'an unknown manager';
}

/** Describes the owner of an object that does not belong to the deployment of the caller. */
export function describeOwnership(object: KubernetesObject, ownership: Ownership): string {
  return ownership.kind === 'of-deployment'
    ? `belongs to the deployment ${ownership.deployment}`
    : `belongs to ${describeOwner(object)}`;
}

export const RELEASE_ANNOTATION = 'meta.helm.sh/release-name';

/**
 * Returns why an object under a name of the deployment `name` must not be deleted with it; undefined when the object is
 * ours. Labels can be copied by anyone, so only the managed fields show which manager made it.
 */
export function explainForeign(name: string, object: KubernetesObject): string | undefined {
  const ownership = determineOwnership(name, object);
  switch (ownership.kind) {
    case 'ours':
      return undefined;
    case 'installed':
      return 'it has our labels, but this action never applied it';
    case 'rendered':
      return `Helm installed it (${describeOwner(object)})`;
    case 'handed-over':
      return `its labels name another manager (${ownership.manager})`;
    case 'of-deployment':
      return `it belongs to the deployment ${ownership.deployment}`;
    case 'misnamed':
      return 'it has our labels, but a name that this deployment does not use';
    case 'of-other':
      return 'this action did not create it';
  }
}

/**
 * Returns why a pod with the labels of the servers must not be deleted with them. The controller of a pod made it; a
 * pod without a controller was left over.
 */
export function explainForeignPod(name: string, pod: KubernetesObject, isSetForeign: boolean): string | undefined {
  const { metadata } = pod;
  const other = explainOtherDeployment(name, pod);
  if (other !== undefined) return other;
  const owner = metadata.ownerReferences.find(({ controller }) => controller);
  const isOfSet = owner?.kind === 'StatefulSet' && owner.name === name;
  if (owner !== undefined && (!isOfSet || isSetForeign)) {
    return `${owner.kind}/${owner.name} controls it`;
  }
  return parsePodOrdinal(name, metadata.name) === undefined
    ? 'it has our labels, but not the name of a server'
    : undefined;
}

/**
 * Returns why a claim with the labels that a StatefulSet gives its claims must not be deleted with the deployment. A
 * StatefulSet names its claims `<template>-<pod>`.
 */
export function explainForeignClaim(name: string, claim: KubernetesObject): string | undefined {
  const { labels, name: claimName } = claim.metadata;
  const manager = labels[MANAGER_LABEL] ?? MANAGED_BY;
  const other = explainOtherDeployment(name, claim);
  if (other !== undefined) return other;
  if (manager !== MANAGED_BY) return `its labels name another manager (${manager})`;
  const isOfServer = canOwn(name, { kind: 'PersistentVolumeClaim', name: claimName });
  return isOfServer ? undefined : 'it has our labels, but not the name of a server volume';
}

/**
 * Returns why a pod or a claim of a StatefulSet belongs to another deployment; undefined when no label states that.
 */
export function explainOtherDeployment(name: string, object: KubernetesObject): string | undefined {
  const instance = readInstance(object);
  return instance === undefined || instance === name ? undefined : `it belongs to the deployment ${instance}`;
}

/**
 * Checks whether `create-namespace` made the namespace. The namespace is created and not applied, so that the run needs
 * no permission to patch namespaces.
 */
export function isCreatedNamespace({ metadata: { labels, managedFields } }: KubernetesObject): boolean {
  return managedFields.some(({ manager }) => manager === FIELD_MANAGER) && labels[MANAGER_LABEL] === MANAGED_BY;
}

function isOfAction(object: KubernetesObject): boolean {
  const { labels, annotations } = object.metadata;
  return (
    isWrittenByAction(object) || labels[MANAGER_LABEL] === MANAGED_BY || annotations[RENDERED_ANNOTATION] !== undefined
  );
}

/** Checks whether this action wrote the object. It creates and replaces Leases, and applies everything else. */
function isWrittenByAction({ kind, metadata: { managedFields } }: KubernetesObject): boolean {
  return managedFields.some(
    ({ manager, operation }) => manager === FIELD_MANAGER && (operation === 'Apply' || kind === 'Lease'),
  );
}

/** Returns the instance that the label of the object states or, if the label was removed, the selector of its pods. */
function readInstance({ metadata, spec }: KubernetesObject): string | undefined {
  const { selector, podSelector } = recordOf(spec);
  const selectors = [selector, recordOf(selector)['matchLabels'], recordOf(podSelector)['matchLabels']];
  const selected = selectors.map((labels) => textOf(recordOf(labels)[INSTANCE_LABEL]));
  return metadata.labels[INSTANCE_LABEL] ?? selected.find((instance) => instance !== undefined);
}
