import { selectorLabels } from '../cluster/labels.ts';
import { clusterNames } from '../cluster/names.ts';
import type { ClusterSpec } from '../cluster/spec.ts';
import { storeClaims } from './jetstream-store.ts';
import { objectMetadata } from './metadata.ts';
import { podTemplate } from './pod-template.ts';

/** How far a rolling change has got. */
export type Rollout = {
  /**
   * Pods with an ordinal below this stay as they are; `replicas` holds all of them back. `on-delete`: the controller
   * replaces none by itself, and whatever pod comes is made of the template as it is now.
   */
  readonly partition: number | 'on-delete';
  /** Which configuration Secret the pod template names; see `configurationSecretName`. */
  readonly generation: number;
};

/** No rolling change under way and none before. */
export const INITIAL_ROLLOUT: Rollout = { partition: 0, generation: 0 };

export type StatefulSetManifest = ReturnType<typeof statefulSet>;

/**
 * The servers. Parallel: no server waits for another to be ready, and each is healthy without its peers,
 * so starting them in order would only delay the mesh.
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
