import { recordOf, textOf } from './json.ts';
import type { KubernetesObject } from './object.ts';

/** A claim of a volume (Kubernetes API reference, core/v1 PersistentVolumeClaim). */
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
