import { serverFiles } from '../cluster/server-files.ts';
import type { ClusterSpec } from '../cluster/spec.ts';

const RESOLVER_VOLUME = 'accounts';

/**
 * Returns an emptyDir for the accounts. Servers give each other the accounts that they lack, so no volume has to
 * outlive a pod.
 */
export function resolverVolumes(spec: ClusterSpec) {
  return ownDirectory(spec) === undefined ? [] : [{ name: RESOLVER_VOLUME, emptyDir: {} }];
}

export function resolverMounts(spec: ClusterSpec) {
  const mountPath = ownDirectory(spec);
  return mountPath === undefined ? [] : [{ name: RESOLVER_VOLUME, mountPath }];
}

/**
 * Returns the resolver's directory; undefined if it lies below the stream directory, because it is on the stream volume
 * then.
 */
function ownDirectory({ configuration, jetstream }: ClusterSpec): string | undefined {
  const directory = configuration?.resolverDirectory;
  const isStored = jetstream !== undefined && `${directory}/`.startsWith(`${serverFiles.dataDirectory}/`);
  return isStored ? undefined : directory;
}
