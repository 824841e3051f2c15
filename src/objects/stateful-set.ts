import { integerOf, recordOf, textOf } from './json.ts';
import { identityOf, type KubernetesObject } from './object.ts';

/** A claim for a volume (Kubernetes API reference, core/v1 PersistentVolumeClaim). */
export type PersistentVolumeClaim = {
  readonly name: string;
  readonly uid: string;
  /** `Pending`, `Bound` or `Lost`. */
  readonly phase: string;
  /** The storage class. Undefined requests the default class; the empty string requests a manually created volume. */
  readonly storageClass: string | undefined;
};

export function decodePersistentVolumeClaim({ metadata, spec, status }: KubernetesObject): PersistentVolumeClaim {
  return {
    name: metadata.name,
    uid: metadata.uid,
    phase: textOf(recordOf(status)['phase']) ?? 'Pending',
    storageClass: textOf(recordOf(spec)['storageClassName']),
  };
}

/**
 * A StatefulSet's progress (Kubernetes API reference, apps/v1 StatefulSetStatus). Counts that the API server leaves out
 * are 0.
 */
export type StatefulSet = {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  /** The generation that `status` describes; older than `generation` until the controller has seen the change. */
  readonly observedGeneration: number;
  /** The number of replicas in `spec`. */
  readonly desiredReplicas: number;
  readonly replicas: number;
  readonly readyReplicas: number;
  readonly updatedReplicas: number;
  readonly currentRevision: string | undefined;
  readonly updateRevision: string | undefined;
  /** The ordinal from which pods get the new revision; pods below it keep the old one. */
  readonly partition: number;
  /** Whether the controller replaces no pod while another is unavailable (feature gate MaxUnavailableStatefulSet). */
  readonly limitsUnavailable: boolean;
  readonly terminating: boolean;
};

export function decodeStatefulSet({ metadata, spec, status }: KubernetesObject): StatefulSet {
  const wanted = recordOf(spec);
  const state = recordOf(status);
  const rolling = recordOf(recordOf(wanted['updateStrategy'])['rollingUpdate']);
  return {
    ...identityOf(metadata),
    generation: metadata.generation ?? 0,
    observedGeneration: integerOf(state['observedGeneration']) ?? 0,
    desiredReplicas: integerOf(wanted['replicas']) ?? 1,
    replicas: integerOf(state['replicas']) ?? 0,
    readyReplicas: integerOf(state['readyReplicas']) ?? 0,
    updatedReplicas: integerOf(state['updatedReplicas']) ?? 0,
    currentRevision: textOf(state['currentRevision']),
    updateRevision: textOf(state['updateRevision']),
    partition: integerOf(rolling['partition']) ?? 0,
    limitsUnavailable: rolling['maxUnavailable'] !== undefined,
    terminating: metadata.deletionTimestamp !== undefined,
  };
}
