import { clusterNames } from '../../cluster/names.ts';
import { findFreeName, findSharedNames } from '../../cluster/owned-names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { ActionError, type ObjectProblem } from '../../errors/action-error.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import { type KubernetesObject, objectKey } from '../../objects/object.ts';
import { findOthersInTheWay, type LiveState } from '../live/live-state.ts';
import { describeOwnership, readDeploymentName } from '../live/ownership.ts';
import { decodePreviewRecord, type PreviewRecord } from '../live/preview-record.ts';

/** The requested deployment, and the other deployments of this Action in its namespace. */
export type Newcomer = {
  readonly name: string;
  readonly namespace: string;
  /** Whether none of its objects exists yet, so that it can still get another name. */
  readonly isNew: boolean;
  readonly neighbours: readonly string[];
};

/** An object that has a name of the newcomer, and the deployment that owns it. */
export type NeighbourObject = { readonly object: string; readonly deployment: string };

/**
 * Refuses a deployment that would write objects of another one. A new deployment is also refused if no object conflicts
 * yet but one could later, when either of the two grows. An existing deployment is refused only once one of its names
 * is taken.
 */
function findNameConflict(
  newcomer: Newcomer,
  taken: readonly NeighbourObject[],
): ActionError<'CHANGE_FORBIDDEN'> | undefined {
  const now = taken.map(({ object, deployment }): ObjectProblem => {
    const message = `${object} belongs to the deployment ${deployment}`;
    return { object, reason: 'OtherDeployment', message };
  });
  const later = newcomer.isNew ? findFutureProblems(newcomer, taken) : [];
  const problems = [...now, ...later];
  if (problems.length === 0) {
    return undefined;
  }
  const { name, namespace } = newcomer;
  const summary = problems.map(({ message }) => message).join('; ');
  const message = `object names of ${name} collide with those of another deployment in namespace ${namespace}: ${summary}`;
  return new ActionError('CHANGE_FORBIDDEN', message, {
    reason: 'ForeignObjects',
    hint: adviseOnNames(newcomer, taken),
    details: { problems },
  });
}

function findFutureProblems(
  { name, neighbours }: Newcomer,
  taken: readonly NeighbourObject[],
): readonly ObjectProblem[] {
  const known = new Set(taken.map(({ object }) => object));
  return neighbours.flatMap((neighbour) =>
    findSharedNames(name, neighbour)
      .map((owned) => `${owned.kind}/${owned.name}`)
      .filter((object) => !known.has(object))
      .map((object): ObjectProblem => {
        const message = `${object} can belong to ${name} and to the deployment ${neighbour}`;
        return { object, reason: 'NamesMeet', message };
      }),
  );
}

function adviseOnNames({ name, isNew, neighbours }: Newcomer, taken: readonly NeighbourObject[]): string {
  const suggestion = (asked: string): string => {
    const free = findFreeName(asked, [name, ...neighbours]);
    return free === undefined ? 'a name that does not begin with that of another deployment' : `name: ${free}`;
  };
  if (isNew) {
    return `Nothing was changed. Deploy it under another name, for example ${suggestion(name)}. If the other deployment is not needed any more, delete it first (\`command: delete\`).`;
  }
  const [first = name] = taken.map(({ deployment }) => deployment);
  return `Nothing was changed. Deploy ${first} again under another name, for example ${suggestion(first)}, and delete it as ${first} (\`command: delete\`); or change this deployment so that it does not need that object: fewer \`replicas\`, or other \`client-certificates\`.`;
}

/** The content of the Leases of a namespace about a deployment and its neighbours. */
export type Leases = {
  /** The lock of the deployment. */
  readonly lock: KubernetesObject | undefined;
  readonly preview: PreviewRecord;
  /** The deployments that a run is deploying now, or that are previews. */
  readonly neighbours: readonly string[];
};

/**
 * Reads all Leases of the namespace. A read after the lock was taken shows every concurrent run: of two runs that start
 * at the same time, at least one sees the lock of the other.
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
  const deployments = new Set(objects.flatMap((lease) => readDeploymentName(lease) ?? []));
  return {
    lock: named(names.lease),
    preview: decodePreviewRecord(named(names.previewLease)),
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
  const taken = findOthersInTheWay(spec, live).flatMap(({ object, ownership }): readonly NeighbourObject[] =>
    ownership.kind === 'of-deployment' ? [{ object: objectKey(object), deployment: ownership.deployment }] : [],
  );
  const isNew = live.objects.size === 0 && live.pods.length === 0;
  const known = [...new Set([...live.neighbours, ...neighbours])].toSorted();
  const refusal = findNameConflict({ name, namespace, isNew, neighbours: known }, taken);
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
  const problems = findOthersInTheWay(spec, live).map(({ object, ownership }): ObjectProblem => {
    const message = `${objectKey(object)} ${describeOwnership(object, ownership)}`;
    return { object: objectKey(object), reason: 'Foreign', message };
  });
  if (problems.length === 0) {
    return;
  }
  const summary = problems.map(({ message }) => message).join('; ');
  throw new ActionError('CHANGE_FORBIDDEN', `objects with names of ${spec.name} do not belong to it: ${summary}`, {
    reason: 'ForeignObjects',
    hint: 'Delete or rename these objects, or take them over first: `command: deploy` with `allow: adopt`.',
    details: { problems },
  });
}
