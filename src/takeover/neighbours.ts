import { freeName, sharedNames } from '../cluster/owned-names.ts';
import { ActionError, type ObjectProblem } from '../errors.ts';

/** The requested deployment, and the other deployments of this Action in its namespace. */
export type Newcomer = {
  readonly name: string;
  readonly namespace: string;
  /** Whether no object of it exists yet, so that it can still get another name. */
  readonly isNew: boolean;
  readonly neighbours: readonly string[];
};

/** An object that has a name of the newcomer, and the deployment that owns it. */
export type NeighbourObject = { readonly object: string; readonly deployment: string };

/**
 * Refuses a deployment that would write objects of another one. A new deployment is also refused if no object conflicts
 * yet but one could later, when either of the two grows. An existing deployment continues until a name is really taken.
 */
export function neighbourRefusal(
  newcomer: Newcomer,
  taken: readonly NeighbourObject[],
): ActionError<'CHANGE_FORBIDDEN'> | undefined {
  const now = taken.map(({ object, deployment }): ObjectProblem => {
    const message = `${object} belongs to the deployment ${deployment}`;
    return { object, reason: 'OtherDeployment', message };
  });
  const later = newcomer.isNew ? futureProblems(newcomer, taken) : [];
  const problems = [...now, ...later];
  if (problems.length === 0) {
    return undefined;
  }
  const { name, namespace } = newcomer;
  const said = problems.map(({ message }) => message).join('; ');
  const message = `the names of ${name} meet those of another deployment in namespace ${namespace}: ${said}`;
  return new ActionError('CHANGE_FORBIDDEN', message, {
    reason: 'ForeignObjects',
    hint: hintFor(newcomer, taken),
    details: { problems },
  });
}

function futureProblems({ name, neighbours }: Newcomer, taken: readonly NeighbourObject[]): readonly ObjectProblem[] {
  const known = new Set(taken.map(({ object }) => object));
  return neighbours.flatMap((neighbour) =>
    sharedNames(name, neighbour)
      .map((owned) => `${owned.kind}/${owned.name}`)
      .filter((object) => !known.has(object))
      .map((object): ObjectProblem => {
        const message = `${object} can become an object of ${name} and of the deployment ${neighbour}`;
        return { object, reason: 'NamesMeet', message };
      }),
  );
}

function hintFor({ name, isNew, neighbours }: Newcomer, taken: readonly NeighbourObject[]): string {
  const suggestion = (asked: string): string => {
    const free = freeName(asked, [name, ...neighbours]);
    return free === undefined ? 'a name that does not begin with that of another deployment' : `name: ${free}`;
  };
  if (isNew) {
    return `Nothing was changed. Deploy it under another name, for example ${suggestion(name)}. If the other deployment is not needed any more, delete it first (command: delete).`;
  }
  const [first = name] = taken.map(({ deployment }) => deployment);
  return `Nothing was changed. Deploy ${first} again under another name, for example ${suggestion(first)}, and delete it as ${first} (command: delete); or leave this deployment without that object: fewer replicas, other client-certificates.`;
}
