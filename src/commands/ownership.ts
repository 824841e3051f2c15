import { FIELD_MANAGER, HELM, MANAGED_BY, RENDERED_ANNOTATION } from '../cluster/labels.ts';
import { podOrdinal } from '../cluster/names.ts';
import { canOwn, isOwnedKind } from '../cluster/owned-names.ts';
import { isDeploymentName } from '../cluster/preview-name.ts';
import { recordOf, textOf } from '../kubernetes/objects/json.ts';
import type { KubernetesObject } from '../kubernetes/objects/object.ts';

/** Whose an object is, asked for one deployment: by instance, manager and name. */
export type Ownership =
  /** This Action applied it for this deployment. Labels that were removed by hand since do not matter. */
  | { readonly kind: 'ours' }
  /** It has the labels of this deployment, but another tool applied it, as kubectl does with rendered objects. */
  | { readonly kind: 'installed' }
  /** Helm installed it from a chart that was rendered for this deployment. */
  | { readonly kind: 'rendered' }
  /** This Action applied it, and its label names another manager since. */
  | { readonly kind: 'handed-over'; readonly manager: string }
  /** It belongs to another deployment of this Action. */
  | { readonly kind: 'of-deployment'; readonly deployment: string }
  /** It has the labels of this deployment under a name that the deployment never uses. */
  | { readonly kind: 'misnamed' }
  /** Somebody else made it. `owner` as in `Helm (release nats)` or `kubectl-create`. */
  | { readonly kind: 'of-other'; readonly owner: string };

const INSTANCE = 'app.kubernetes.io/instance';
const MANAGER = 'app.kubernetes.io/managed-by';

/** Says whose this object is, from the point of view of the deployment `name`. Every command decides by this answer. */
export function ownershipOf(name: string, object: KubernetesObject): Ownership {
  const { kind, metadata } = object;
  const manager = metadata.labels[MANAGER];
  const isApplied = isWrittenByAction(object);
  const instance = statedInstance(object);
  if (!isOfAction(object)) return { kind: 'of-other', owner: ownerOf(object) };
  if (instance !== undefined && instance !== name) return { kind: 'of-deployment', deployment: instance };
  if (isOwnedKind(kind) && !canOwn(name, { kind, name: metadata.name })) return { kind: 'misnamed' };
  if (manager === HELM && metadata.annotations[RENDERED_ANNOTATION] !== undefined) return { kind: 'rendered' };
  if (manager !== undefined && manager !== MANAGED_BY) {
    return isApplied ? { kind: 'handed-over', manager } : { kind: 'of-other', owner: ownerOf(object) };
  }
  return isApplied ? { kind: 'ours' } : { kind: 'installed' };
}

/** Whether `deploy` may write the object: fields that others hold are told apart by server-side apply itself. */
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

/** Returns the name of the deployment of this Action that the object says it is of; undefined for anything else. */
export function deploymentOf(object: KubernetesObject): string | undefined {
  const instance = statedInstance(object);
  return isOfAction(object) && instance !== undefined && isDeploymentName(instance) ? instance : undefined;
}

/** Says who manages the object, as far as it tells: `Helm (release nats)`, a manager's label, or who wrote it first. */
export function ownerOf({ metadata }: KubernetesObject): string {
  const release = metadata.annotations[RELEASE_ANNOTATION];
  if (release !== undefined) return `Helm (release ${release})`;
  return metadata.labels[MANAGER] ?? metadata.managedFields[0]?.manager ?? 'an unknown manager';
}

/** Says in words whose an object is that is not of the deployment that asks. */
export function ownerText(object: KubernetesObject, ownership: Ownership): string {
  return ownership.kind === 'of-deployment'
    ? `belongs to the deployment ${ownership.deployment}`
    : `belongs to ${ownerOf(object)}`;
}

export const RELEASE_ANNOTATION = 'meta.helm.sh/release-name';

/**
 * Returns why an object under a name of the deployment `name` is not to be deleted with it; undefined when it is ours.
 * Anybody can copy labels: only its managed fields tell who made it.
 */
export function foreignBecause(name: string, object: KubernetesObject): string | undefined {
  const ownership = ownershipOf(name, object);
  switch (ownership.kind) {
    case 'ours':
      return undefined;
    case 'installed':
      return 'it has our labels, but this action never applied it';
    case 'rendered':
      return `Helm installed it (${ownerOf(object)})`;
    case 'handed-over':
      return `its labels give it to ${ownership.manager}`;
    case 'of-deployment':
      return `it is of the deployment ${ownership.deployment}`;
    case 'misnamed':
      return 'it has our labels, but a name that this deployment does not use';
    case 'of-other':
      return 'somebody else made it';
  }
}

/** The same for a pod with the labels of the servers: who controls it made it; one that nobody controls was left over. */
export function foreignPodBecause(name: string, pod: KubernetesObject, isSetForeign: boolean): string | undefined {
  const { metadata } = pod;
  const other = otherDeploymentBecause(name, pod);
  if (other !== undefined) return other;
  const owner = metadata.ownerReferences.find(({ controller }) => controller);
  const isOfSet = owner?.kind === 'StatefulSet' && owner.name === name;
  if (owner !== undefined && (!isOfSet || isSetForeign)) {
    return `${owner.kind}/${owner.name} has it`;
  }
  return podOrdinal(name, metadata.name) === undefined ? 'it has our labels, but the name of no server' : undefined;
}

/** The same for a claim with the labels that a StatefulSet gives its claims: `<template>-<pod>` is how it names them. */
export function foreignClaimBecause(name: string, claim: KubernetesObject): string | undefined {
  const { labels, name: claimName } = claim.metadata;
  const manager = labels[MANAGER] ?? MANAGED_BY;
  const other = otherDeploymentBecause(name, claim);
  if (other !== undefined) return other;
  if (manager !== MANAGED_BY) return `its labels give it to ${manager}`;
  const isOfServer = canOwn(name, { kind: 'PersistentVolumeClaim', name: claimName });
  return isOfServer ? undefined : 'it has our labels, but the name of no volume of a server';
}

/** Why a pod or a claim, which StatefulSets make, is of another deployment; undefined when it does not say so. */
export function otherDeploymentBecause(name: string, object: KubernetesObject): string | undefined {
  const instance = statedInstance(object);
  return instance === undefined || instance === name ? undefined : `it is of the deployment ${instance}`;
}

function isOfAction(object: KubernetesObject): boolean {
  const { labels, annotations } = object.metadata;
  return isWrittenByAction(object) || labels[MANAGER] === MANAGED_BY || annotations[RENDERED_ANNOTATION] !== undefined;
}

/** Leases are created and replaced: everything else is applied. */
function isWrittenByAction({ kind, metadata: { managedFields } }: KubernetesObject): boolean {
  return managedFields.some(
    ({ manager, operation }) => manager === FIELD_MANAGER && (operation === 'Apply' || kind === 'Lease'),
  );
}

/** By its label, or where somebody removed that by whose pods it selects. */
function statedInstance({ metadata, spec }: KubernetesObject): string | undefined {
  const { selector, podSelector } = recordOf(spec);
  const selectors = [selector, recordOf(selector)['matchLabels'], recordOf(podSelector)['matchLabels']];
  const selected = selectors.map((labels) => textOf(recordOf(labels)[INSTANCE]));
  return metadata.labels[INSTANCE] ?? selected.find((instance) => instance !== undefined);
}
