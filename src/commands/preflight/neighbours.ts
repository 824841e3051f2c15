import { clusterNames } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { ActionError, type ObjectProblem } from '../../errors.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import type { KubernetesObject } from '../../kubernetes/objects/object.ts';
import { type NeighbourObject, neighbourRefusal } from '../../takeover/neighbours.ts';
import { deploymentOf, ownerText } from '../ownership.ts';
import { type PreviewRecord, previewRecord } from '../previews/record.ts';
import { othersInTheWay } from '../takeover/written.ts';
import type { LiveState } from './live-state.ts';

/** The content of the Leases of a namespace about a deployment and its neighbours. */
export type Leases = {
  /** The lock of the deployment. */
  readonly lock: KubernetesObject | undefined;
  readonly preview: PreviewRecord;
  /** The deployments that a run is making now, or that are previews. */
  readonly neighbours: readonly string[];
};

/**
 * Reads all Leases of the namespace. A read after the lock was taken shows every deployment that is being made at the
 * same time: of two that begin at once, at least one sees the lock of the other.
 */
export async function readLeases(
  api: Pick<KubernetesApi, 'list'>,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<Leases> {
  const { objects } = await api.list('Lease', { namespace }, signal);
  const names = clusterNames(name);
  const named = (wanted: string) => objects.find(({ metadata }) => metadata.name === wanted);
  const deployments = new Set(objects.flatMap((lease) => deploymentOf(lease) ?? []));
  return {
    lock: named(names.lease),
    preview: previewRecord(named(names.previewLease)),
    neighbours: [...deployments].filter((other) => other !== name),
  };
}

/**
 * Refuses to overwrite objects that another deployment has or could get.
 * @throws ActionError CHANGE_FORBIDDEN (`ForeignObjects`)
 */
export function requireNoNeighbour(
  spec: ClusterSpec,
  live: LiveState,
  { neighbours }: Pick<Leases, 'neighbours'>,
): void {
  const { name, namespace } = spec;
  const taken = othersInTheWay(spec, live).flatMap(({ object, ownership }): readonly NeighbourObject[] =>
    ownership.kind === 'of-deployment' ? [{ object: keyOf(object), deployment: ownership.deployment }] : [],
  );
  const isNew = live.objects.size === 0 && live.pods.length === 0;
  const known = [...new Set([...live.neighbours, ...neighbours])].toSorted();
  const refusal = neighbourRefusal({ name, namespace, isNew, neighbours: known }, taken);
  if (refusal !== undefined) {
    throw refusal;
  }
}

/**
 * Refuses to continue with a deployment while objects under its names belong to another owner. Inputs cannot permit
 * that.
 * @throws ActionError CHANGE_FORBIDDEN (`ForeignObjects`)
 */
export function requireOwnObjects(spec: ClusterSpec, live: LiveState): void {
  requireNoNeighbour(spec, live, { neighbours: [] });
  const problems = othersInTheWay(spec, live).map(({ object, ownership }): ObjectProblem => {
    const message = `${keyOf(object)} ${ownerText(object, ownership)}`;
    return { object: keyOf(object), reason: 'Foreign', message };
  });
  if (problems.length === 0) {
    return;
  }
  const said = problems.map(({ message }) => message).join('; ');
  throw new ActionError('CHANGE_FORBIDDEN', `not everything under the names of ${spec.name} is its own: ${said}`, {
    reason: 'ForeignObjects',
    hint: 'Delete or rename these objects, or take them over first: command: deploy with allow: adopt.',
    details: { problems },
  });
}

function keyOf({ kind, metadata }: KubernetesObject): string {
  return `${kind}/${metadata.name}`;
}
