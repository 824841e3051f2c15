import { createHash } from 'node:crypto';
import type { ClusterSpec } from './spec.ts';

/**
 * The length of a revision: short enough for a server tag, and long enough that two revisions of one cluster do not
 * collide.
 */
const REVISION_LENGTH = 12;

/**
 * Returns the digest of everything that a server runs, as lower-case hexadecimal digits (nats-server lower-cases its
 * tags). `configurationText` is rendered without the revision tag, because the tag is made from this digest. `files`
 * are the certificates and trust bundles by file name. Keys are left out, because a new key comes with a new
 * certificate.
 */
export function computeRevision(configurationText: string, files: Readonly<Record<string, string>>): string {
  return digest({ configurationText, files });
}

/** The settings of a cluster, without names, namespace, users, secrets and certificates. */
const SETTINGS = [
  'replicas',
  'image',
  'antiAffinity',
  'resources',
  'securityContext',
  'networkPolicy',
  'serviceType',
  'metrics',
  'overrides',
  'logging',
  'limits',
  'keyAlgorithm',
  'jetstream',
] as const satisfies readonly (keyof ClusterSpec)[];

/**
 * Returns the digest of the settings, which is equal across stages. `userConfiguration` is the user's own part of
 * nats.conf, if the user gave one.
 */
export function computeConfigRevision(spec: ClusterSpec, userConfiguration?: string): string {
  const settings = Object.fromEntries(SETTINGS.map((name) => [name, spec[name]]));
  const overrides = spec.overrides.length === 0 ? undefined : spec.overrides;
  return digest({ ...settings, overrides, userConfiguration });
}

function digest(value: unknown): string {
  return createHash('sha256').update(encodeCanonicalJson(value)).digest('hex').slice(0, REVISION_LENGTH);
}

/** Returns JSON with sorted keys, so that the order of an object's fields does not change the digest. */
function encodeCanonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
