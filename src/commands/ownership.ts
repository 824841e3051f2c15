import { MANAGED_BY } from '../cluster/labels.ts';
import { podOrdinal } from '../cluster/names.ts';
import type { KubernetesObject } from '../kubernetes/objects/object.ts';
import { FIELD_MANAGER } from './rollout/applied.ts';

/**
 * Why an object under a name of the deployment `name` is not to be deleted with it; undefined when it is ours. Anybody
 * can copy labels: only who applied it tells who made it. One that has lost its labels since is still ours; one whose
 * labels name another owner no longer is.
 */
export function foreignBecause(name: string, { metadata }: KubernetesObject): string | undefined {
  const { labels, managedFields } = metadata;
  const { 'app.kubernetes.io/managed-by': manager, 'app.kubernetes.io/instance': instance } = labels;
  if (!managedFields.some((entry) => entry.manager === FIELD_MANAGER && entry.operation === 'Apply')) {
    return manager === MANAGED_BY ? 'it has our labels, but this action never applied it' : 'somebody else made it';
  }
  if (manager !== undefined && manager !== MANAGED_BY) {
    return `its labels give it to ${manager}`;
  }
  return instance === undefined || instance === name ? undefined : `it is of the deployment ${instance}`;
}

/** The same for a pod with the labels of the servers: who controls it made it; one that nobody controls was left over. */
export function foreignPodBecause(name: string, pod: KubernetesObject, isSetForeign: boolean): string | undefined {
  const { metadata } = pod;
  const owner = metadata.ownerReferences.find(({ controller }) => controller);
  const isOfSet = owner?.kind === 'StatefulSet' && owner.name === name;
  if (owner !== undefined && (!isOfSet || isSetForeign)) {
    return `${owner.kind}/${owner.name} has it`;
  }
  return podOrdinal(name, metadata.name) === undefined ? 'it has our labels, but the name of no server' : undefined;
}

/** The same for a claim with the labels that a StatefulSet gives its claims: `<template>-<pod>` is how it names them. */
export function foreignClaimBecause(name: string, { metadata }: KubernetesObject): string | undefined {
  const manager = metadata.labels['app.kubernetes.io/managed-by'] ?? MANAGED_BY;
  if (manager !== MANAGED_BY) {
    return `its labels give it to ${manager}`;
  }
  const pod = metadata.name.slice(metadata.name.lastIndexOf(`-${name}-`) + 1);
  const isOfServer = pod !== metadata.name && podOrdinal(name, pod) !== undefined;
  return isOfServer ? undefined : 'it has our labels, but the name of no volume of a server';
}
