import type { Pod } from '../../kubernetes/objects/pod.ts';
import { outsideMetaGroup } from '../../nats/mesh/meta-group.ts';
import type { MeshExpectation, MeshProblem, MeshSample } from '../../nats/mesh/observation.ts';
import type { PodSeen } from './pod-observation.ts';
import type { StuckPodTerms } from './stuck-pods.ts';

type Looked = {
  readonly seen: readonly PodSeen[];
  readonly sample: MeshSample;
  /** The problems of the servers themselves. */
  readonly problems: readonly MeshProblem[];
};

type OutsiderTerms = {
  readonly expectation: MeshExpectation;
  /** The check for servers of another template, which are replaced for that reason. */
  readonly stuck?: Pick<StuckPodTerms, 'isOutdated'> | undefined;
};

/**
 * Marks the servers without which JetStream continues, if no server or route has another problem: no other server is
 * away while one of them restarts.
 */
export function withOutsiders(
  { expectation, stuck }: OutsiderTerms,
  pods: ReadonlyMap<string, Pod>,
  { seen, sample, problems }: Looked,
  mesh: readonly MeshProblem[],
): readonly PodSeen[] {
  const outsiders = new Map(outsideMetaGroup(expectation, sample).map((outsider) => [outsider.name, outsider]));
  const isAllElseWell =
    mesh.every(({ reason }) => reason === 'OutsideMetaGroup') && problems.every(({ from }) => outsiders.has(from));
  return seen.map((one) => {
    const outside = outsiders.get(one.name);
    const pod = pods.get(one.name);
    const isReplaced = pod !== undefined && stuck?.isOutdated(pod) === true;
    return outside === undefined || !isAllElseWell || isReplaced ? one : { ...one, outside };
  });
}
