import { serverFiles } from '../cluster/server-files.ts';
import type { ClusterSpec } from '../cluster/spec.ts';

const RESOLVER_VOLUME = 'accounts';

/** Servers give each other the accounts they lack, so that no volume has to outlive a pod. */
export function resolverVolumes(spec: ClusterSpec) {
  return ownDirectory(spec) === undefined ? [] : [{ name: RESOLVER_VOLUME, emptyDir: {} }];
}

export function resolverMounts(spec: ClusterSpec) {
  const mountPath = ownDirectory(spec);
  return mountPath === undefined ? [] : [{ name: RESOLVER_VOLUME, mountPath }];
}

/** What is below the folder of the streams is on their volume. */
function ownDirectory({ configuration, jetstream }: ClusterSpec): string | undefined {
  const directory = configuration?.resolverDirectory;
  const isStored = jetstream !== undefined && `${directory}/`.startsWith(`${serverFiles.dataDirectory}/`);
  return isStored ? undefined : directory;
}
