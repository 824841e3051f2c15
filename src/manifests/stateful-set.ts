import { selectorLabels } from '../cluster/labels.ts';
import { clusterNames } from '../cluster/names.ts';
import type { ClusterSpec } from '../cluster/spec.ts';
import { storeClaims } from './jetstream-store.ts';
import { objectMetadata } from './metadata.ts';
import { podTemplate } from './pod-template.ts';

/** The progress of a rolling change. */
export type Rollout = {
  /**
   * Pods with an ordinal below this number stay unchanged; `replicas` holds all of them back. `on-delete`: the
   * controller replaces no pod by itself, and it makes every new pod from the present template.
   */
  readonly partition: number | 'on-delete';
  /** The generation of the configuration Secret that the pod template names; see `configurationSecretName`. */
  readonly generation: number;
};

/** The state of a cluster without any rolling change, present or past. */
export const INITIAL_ROLLOUT: Rollout = { partition: 0, generation: 0 };

export type StatefulSetManifest = ReturnType<typeof statefulSet>;

/**
 * Builds the StatefulSet of the servers. Pods start in parallel: no server waits for another to be ready, and each is
 * healthy without its peers, so starting them in order would only delay the mesh.
 */
export function statefulSet(spec: ClusterSpec, rollout: Rollout) {
  const names = clusterNames(spec.name);
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: objectMetadata(spec, names.statefulSet),
    spec: {
      serviceName: names.headlessService,
      replicas: spec.replicas,
      podManagementPolicy: 'Parallel',
      revisionHistoryLimit: 5,
      updateStrategy: updateStrategy(rollout),
      selector: { matchLabels: selectorLabels(spec.name) },
      template: podTemplate(spec, rollout.generation),
      ...storeClaims(spec),
    },
  } as const;
}

function updateStrategy({ partition }: Rollout) {
  return partition === 'on-delete'
    ? ({ type: 'OnDelete' } as const)
    : ({ type: 'RollingUpdate', rollingUpdate: { partition } } as const);
}
