import { podNames } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { isStandalone } from '../../cluster/standalone.ts';
import type { Pod } from '../../kubernetes/objects/pod.ts';
import { revisionTag } from '../../nats/conf/server.ts';
import type { MeshExpectation } from '../../nats/mesh/observation.ts';
import { isHeldBack } from './pod-observation.ts';

type ExpectationTerms = {
  readonly spec: ClusterSpec;
  readonly revision: string;
  /** The StatefulSet revision of which the pod with this ordinal must be made; undefined for any. */
  readonly podRevision: (ordinal: number) => string | undefined;
};

/** What the gate has to see, of the pods as they are now. */
export function meshExpectation(terms: ExpectationTerms, pods: ReadonlyMap<string, Pod>): MeshExpectation {
  const { spec, revision, podRevision } = terms;
  const isAnyHeld = podNames(spec).some((name) => isHeldBack(terms, pods.get(name)));
  return {
    clusterName: isStandalone(spec) ? undefined : spec.name,
    jetstream: spec.jetstream !== undefined,
    // Each server is held to it by itself, but for those that are yet to be replaced.
    revisionTag: isAnyHeld ? undefined : revisionTag(revision),
    poolSize: spec.configuration?.poolSize,
    pinnedAccounts: spec.configuration?.pinnedAccounts ?? [],
    servers: podNames(spec).map((serverName, ordinal) => {
      const { uid = '', controllerRevision = '' } = pods.get(serverName) ?? {};
      return { serverName, uid, statefulSetRevision: podRevision(ordinal) ?? controllerRevision };
    }),
  };
}
