import { configurationSecretName } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import type { KubernetesObject } from '../../kubernetes/objects/object.ts';
import { overrideTargets } from '../../manifests/override-targets.ts';
import type { LiveState, OtherObject } from '../preflight/live-state.ts';

/**
 * Checks whether the deployment writes an object of this kind and name, in this run or with its next rolling change.
 */
export function isWritten(spec: ClusterSpec, { kind, metadata: { name } }: KubernetesObject): boolean {
  const configuration = `${configurationSecretName(spec.name, 0)}-`;
  return (
    overrideTargets(spec).some((target) => target.kind === kind && target.name === name) ||
    (kind === 'Secret' && name.startsWith(configuration) && /^\d+$/.test(name.slice(configuration.length)))
  );
}

/** Returns the objects that the deployment would write and does not own. */
export function othersInTheWay(spec: ClusterSpec, { others }: Pick<LiveState, 'others'>): readonly OtherObject[] {
  return others.filter(({ object }) => isWritten(spec, object));
}
