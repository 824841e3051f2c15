import type { ClusterSpec } from '../../../src/cluster/spec.ts';
import { buildManifests } from '../../../src/manifests/manifests.ts';
import type { Material } from '../../../src/manifests/material.ts';
import type { SecretManifest } from '../../../src/manifests/secrets.ts';

export type Texts = Readonly<Record<string, string>>;

/** Returns the Secrets of a cluster. */
export function secretsOf(spec: ClusterSpec, material: Material): readonly SecretManifest[] {
  return buildManifests(spec, material).filter((manifest): manifest is SecretManifest => manifest.kind === 'Secret');
}

/** Returns these Secrets as the next run finds them. */
export function liveSecrets(
  spec: ClusterSpec,
  material: Material,
): readonly { readonly name: string; readonly data: Texts }[] {
  return secretsOf(spec, material).map((secret) => ({ name: secret.metadata.name, data: textsOf(secret) }));
}

/** Decodes the texts of a Secret. */
function textsOf({ data }: SecretManifest): Texts {
  return Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text, 'base64').toString()]));
}
