import { createHash } from 'node:crypto';
import type { ClusterSpec } from './spec.ts';

/** Short enough for a server tag, long enough never to meet its like among the revisions of one cluster. */
const REVISION_LENGTH = 12;

/**
 * The digest of everything a server runs, as lower-case hexadecimal digits (nats-server lower-cases its tags).
 * `configurationText` is rendered without the revision tag, which is made of this; `files` are the certificates
 * and trust bundles by file name. Keys are left out: a new key comes with a new certificate.
 */
export function revisionOf(configurationText: string, files: Readonly<Record<string, string>>): string {
  return digest({ configurationText, files });
}

/** What a cluster is set to, without names, namespace, users, secrets and certificates. */
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

/** Equal across stages. `userConfiguration` is the user's own part of nats.conf, if any. */
export function configRevisionOf(spec: ClusterSpec, userConfiguration?: string): string {
  const settings = Object.fromEntries(SETTINGS.map((name) => [name, spec[name]]));
  const overrides = spec.overrides.length === 0 ? undefined : spec.overrides;
  return digest({ ...settings, overrides, userConfiguration });
}

function digest(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, REVISION_LENGTH);
}

/** JSON with sorted keys: the order in which an object was put together is no difference. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
