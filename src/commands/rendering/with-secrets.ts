import { clusterNames } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { settingsOf } from '../../inputs/settings.ts';
import { type Manifest, manifestsFor } from '../../manifests/manifests.ts';
import type { Material } from '../../manifests/material.ts';
import { materialSecrets } from '../../manifests/material-secrets.ts';
import { isRecord } from '../../manifests/merge-patch.ts';
import { secretKeys } from '../../manifests/secret-keys.ts';
import type { NeededSecret, Rendering } from '../../rendering/rendering.ts';
import { code, EMPTY, type Markdown, md } from '../../report/markdown.ts';
import { desiredFor, materialOf } from '../desired.ts';
import { deploymentAuthorities } from '../issuance/authorities.ts';
import { omittedNamesLines, omittedServerNames } from '../issuance/server-names.ts';
import { requireStorable } from '../preflight/object-sizes.ts';
import type { RenderRun } from './render-run.ts';
import { newCredentials, nothingStored } from './new-credentials.ts';
import { commonNotes, describedBy } from './notes.ts';

/** Renders the objects with every certificate and password that a new deployment would issue. */
export async function renderingWithSecrets({ inputs, runner }: RenderRun, asked: ClusterSpec): Promise<Rendering> {
  const now = runner.now();
  const { spec, credentials } = newCredentials({ inputs }, asked);
  const settings = renderedSettings(runner.inputs, spec, inputs.renderFormat);
  requireStorable({ spec, credentials, settings });
  const { authority: given, caValidityMs, certificateValidityMs, renewBeforeMs } = inputs;
  const stored = nothingStored(spec.name);
  const authorities = await deploymentAuthorities(spec, stored, { now, caValidityMs, given, isRunning: false });
  materialSecrets(credentials, authorities).forEach(runner.hide);
  omittedNamesLines(omittedServerNames(spec, authorities.client)).forEach(runner.info);
  const adopted = { server: undefined, route: undefined };
  const issuance = { certificateValidityMs, renewBeforeMs, forced: new Set([]) };
  const desired = await desiredFor({ spec, adopted, issuance, now }, { authorities, credentials }, stored);
  desired.issued.issued.forEach((line) => runner.info(`issued: ${line}`));
  const material = materialOf(settings, desired);
  return {
    ...describedBy(inputs, spec, credentials),
    hasSecrets: true,
    isBoundToNamespace: true,
    objectsAt: ({ image }) => completeObjects({ ...spec, image, podMonitor: spec.metrics }, material),
    needed: adoptedSecrets(spec),
    notes: [...commonNotes(spec), ...adoptionNotes(spec)],
  };
}

/** Returns the settings. A chart has its image as a value, so its settings name no image as the right one. */
function renderedSettings(
  given: RenderRun['runner']['inputs'],
  { image }: ClusterSpec,
  format: Rendering['format'],
): string {
  return settingsOf(new Map([...given, ['image', format === 'helm' ? '' : image]]));
}

/** Builds all objects. The content of a user-provided Secret is unknown here, so no object may state it. */
function completeObjects(spec: ClusterSpec, material: Material): readonly Manifest[] {
  const objects = manifestsFor(spec, material);
  return spec.serverTlsSecret === undefined ? objects : objects.flatMap(withoutUnknownTrust);
}

function withoutUnknownTrust(object: Manifest): readonly Manifest[] {
  const { data } = object;
  if (object.kind !== 'Secret' || !isRecord(data)) {
    return [object];
  }
  const trust: readonly string[] = [secretKeys.trust, secretKeys.trustPem];
  const known = Object.entries(data).filter(([key, value]) => value !== '' || !trust.includes(key));
  return known.length === 0 ? [] : [{ ...object, data: Object.fromEntries(known) }];
}

function adoptedSecrets({ serverTlsSecret, routeTlsSecret }: ClusterSpec): readonly NeededSecret[] {
  const keys = [secretKeys.certificate, secretKeys.privateKey, secretKeys.trust];
  return [serverTlsSecret, routeTlsSecret].flatMap((name) =>
    name === undefined ? [] : [{ name, keys, source: md`yours, as the inputs name it` }],
  );
}

function adoptionNotes({ name, serverTlsSecret, routeTlsSecret }: ClusterSpec): readonly Markdown[] {
  if (serverTlsSecret === undefined && routeTlsSecret === undefined) {
    return [];
  }
  const { clientSecret, clientTlsSecret } = clusterNames(name);
  const trust =
    serverTlsSecret === undefined
      ? EMPTY
      : md` and adds what clients trust (\`ca.crt\`) to ${code(clientSecret)} and ${code(clientTlsSecret)}`;
  return [
    md`What is in Secrets of yours is not known to a rendering, so run \`command: deploy\` with the same inputs once: it checks their certificates${trust}. Until then \`command: verify\` tells drift.`,
  ];
}
