import { objectLabels } from '../cluster/labels.ts';
import { serverFiles } from '../cluster/server-files.ts';
import type { ClusterSpec } from '../cluster/spec.ts';

/** What a pod calls the volume of its streams. */
export const STORE_VOLUME = 'jetstream';

type Claims = {
  readonly volumeClaimTemplates?: readonly object[];
  readonly persistentVolumeClaimRetentionPolicy?: { readonly whenDeleted: 'Retain'; readonly whenScaled: 'Retain' };
};

/** The volume of every server, which outlives servers and StatefulSet: nothing here may delete streams. */
export function storeClaims({ name, jetstream }: ClusterSpec): Claims {
  if (jetstream?.volume === undefined) {
    return {};
  }
  const { size, storageClass } = jetstream.volume;
  const claim = {
    metadata: { name: STORE_VOLUME, labels: objectLabels(name) },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: size } },
      ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
    },
  };
  return {
    volumeClaimTemplates: [claim],
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
  };
}

/** Where streams are in memory alone, the state of the meta group still needs a place that can be written. */
export function storeVolumes({ jetstream }: ClusterSpec) {
  return jetstream === undefined || jetstream.volume !== undefined ? [] : [{ name: STORE_VOLUME, emptyDir: {} }];
}

export function storeMounts({ jetstream }: ClusterSpec) {
  return jetstream === undefined ? [] : [{ name: STORE_VOLUME, mountPath: serverFiles.dataDirectory }];
}
