import { expect, test } from '@jest/globals';
import { markOutsiders } from '../../../../src/commands/gate/mesh-expectation.ts';
import type { PodObservation } from '../../../../src/commands/pods/pod-observation.ts';
import type { MeshProblem, MeshSample } from '../../../../src/nats/mesh/observation.ts';
import { checkMesh } from '../../../../src/nats/mesh/verdict.ts';
import { type Difference, expectationOf, sampleOf } from '../../support/mesh-sample.ts';
import { pod } from '../../support/pods.ts';

const expectation = expectationOf(3, { jetstream: true });

function member(...replicas: readonly string[]): Difference {
  const names = replicas.map((name) => ({ name, current: true, silent: false }));
  return { varz: { jetstream: { metaGroup: { leader: 'nats-1', size: 2, replicas: names } } } };
}

const apart = { 'nats-0': member(), 'nats-1': member('nats-2'), 'nats-2': member() };
const ill = (from: string): MeshProblem => ({ from, to: undefined, reason: 'NotObserved', message: 'not Ready' });

type Scene = {
  readonly sample?: MeshSample;
  readonly problems?: readonly MeshProblem[];
  readonly isOutdated?: boolean;
};

/** Returns the servers that are marked as outside of the meta group. */
function findMarked({ sample = sampleOf(3, apart), problems = [], isOutdated = false }: Scene): readonly string[] {
  const verdict = checkMesh(expectation, [sample]);
  const seen = sample.map(({ varz }): PodObservation => ({ name: varz.serverName }));
  const pods = new Map(seen.map(({ name }) => [name, pod({ name, ready: true })]));
  const mesh = verdict.kind === 'incomplete' ? verdict.problems : [];
  const terms = { expectation, stuck: { isOutdated: () => isOutdated } };
  return markOutsiders(terms, pods, { seen, sample, problems }, mesh).flatMap(({ outsider }) => outsider?.name ?? []);
}

test.each<readonly [string, Scene, readonly string[]]>([
  ['is marked if nothing else is wrong', {}, ['nats-0']],
  ['is marked if it is not Ready itself', { problems: [ill('nats-0')] }, ['nats-0']],
  ['is not marked while another server is not Ready', { problems: [ill('nats-2')] }, []],
  ['is not marked while another server still has to leave', { problems: [ill('nats-3')] }, []],
  ['is not marked while another server is missing', { sample: sampleOf(3, apart).slice(0, 2) }, []],
  [
    'is not marked while a route is missing',
    { sample: sampleOf(3, { ...apart, 'nats-2': { ...apart['nats-2'], routes: [] } }) },
    [],
  ],
  ['is not marked if it is being replaced anyway', { isOutdated: true }, []],
])('a server outside of the meta group %s', (_, scene, names) => {
  expect(findMarked(scene)).toEqual(names);
});
