import { objectLabels } from '../cluster/names.ts';
import { serverFiles } from '../cluster/server-files.ts';
import type { ClusterSpec } from '../cluster/spec.ts';

/** The name of the stream volume in a pod. */
export const STORE_VOLUME = 'jetstream';

type Claims = {
  readonly volumeClaimTemplates?: readonly object[];
  readonly persistentVolumeClaimRetentionPolicy?: { readonly whenDeleted: 'Retain'; readonly whenScaled: 'Retain' };
};

/**
 * Returns the volume claims of every server. The volumes outlive servers and StatefulSet: no field here may delete
 * streams.
 */
export function buildStoreClaims({ name, jetstream }: ClusterSpec): Claims {
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

/**
 * Returns an emptyDir for servers with streams in memory only, because the state of the meta group still needs a
 * writable directory.
 */
export function buildStoreVolumes({ jetstream }: ClusterSpec) {
  return jetstream === undefined || jetstream.volume !== undefined ? [] : [{ name: STORE_VOLUME, emptyDir: {} }];
}

export function buildStoreMounts({ jetstream }: ClusterSpec) {
  return jetstream === undefined ? [] : [{ name: STORE_VOLUME, mountPath: serverFiles.dataDirectory }];
}

const RESOLVER_VOLUME = 'accounts';

/**
 * Returns an emptyDir for the accounts. Servers give each other the accounts that they lack, so no volume has to
 * outlive a pod.
 */
export function buildResolverVolumes(spec: ClusterSpec) {
  return selectOwnDirectory(spec) === undefined ? [] : [{ name: RESOLVER_VOLUME, emptyDir: {} }];
}

export function buildResolverMounts(spec: ClusterSpec) {
  const mountPath = selectOwnDirectory(spec);
  return mountPath === undefined ? [] : [{ name: RESOLVER_VOLUME, mountPath }];
}

/**
 * Returns the resolver's directory; undefined if the directory lies below the stream directory, because the stream
 * volume then contains it.
 */
function selectOwnDirectory({ configuration, jetstream }: ClusterSpec): string | undefined {
  const directory = configuration?.resolverDirectory;
  const isStored = jetstream !== undefined && `${directory}/`.startsWith(`${serverFiles.dataDirectory}/`);
  return isStored ? undefined : directory;
}
