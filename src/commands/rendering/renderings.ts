import { clusterNames, configurationSecretName } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import type { NeededSecret, Rendering } from '../../export/rendering.ts';
import { settingsOf } from '../../inputs/settings.ts';
import {
  buildCertManagerManifests,
  nameCertManagerObjects,
  useCertManagerSecrets,
} from '../../manifests/cert-manager.ts';
import { buildManifests, buildNonSecretManifests, type Manifest } from '../../manifests/manifests.ts';
import { type Material, secretKeys } from '../../manifests/material.ts';
import { collectMaterialSecrets } from '../../manifests/secret-values.ts';
import { isRecord } from '../../objects/json.ts';
import { code, EMPTY, type Markdown, md } from '../../text/markdown.ts';
import { requireStorable } from '../desired/configuration.ts';
import { buildDesired, collectMaterial } from '../desired/desired.ts';
import { describeOmittedNames, findOmittedServerNames, prepareCas } from '../issuance/cas.ts';
import {
  createCredentials,
  createEmptyMaterial,
  describeDeployment,
  listCommonNotes,
  type RenderRun,
} from './render-run.ts';

/**
 * Renders the objects without any secret. Certificates come from cert-manager, or from the Secrets that the inputs
 * name.
 */
export function renderByReference({ inputs, runner }: RenderRun, asked: ClusterSpec): Rendering {
  const { spec, credentials } = createCredentials({ inputs }, asked);
  requireStorable({ spec, credentials, settings: settingsOf(runner.inputs) });
  const isCaGiven = inputs.ca !== undefined;
  const { certificateValidityMs, caValidityMs, renewBeforeMs } = inputs;
  const terms = { certificateValidityMs, caValidityMs, renewBeforeMs, isCaGiven };
  return {
    ...describeDeployment(inputs, spec, credentials),
    hasSecrets: false,
    isBoundToNamespace: false,
    objectsAt: (place) => {
      const placed = removeDigest({ ...spec, ...place, podMonitor: spec.metrics });
      return [...buildCertManagerManifests(placed, terms), ...buildNonSecretManifests(useCertManagerSecrets(placed))];
    },
    needed: listNeededSecrets(spec, Object.keys(credentials.files), isCaGiven),
    notes: [...listCommonNotes(spec), ...listCertManagerNotes(spec), ...listDigestNotes(spec)],
  };
}

/** Returns the spec without the restart digest, because the digest is keyed by a password that is unknown here. */
function removeDigest(spec: ClusterSpec): ClusterSpec {
  return spec.configuration === undefined
    ? spec
    : { ...spec, configuration: { ...spec.configuration, restartDigest: undefined } };
}

function listDigestNotes({ configuration }: ClusterSpec): readonly Markdown[] {
  return configuration?.restartDigest === undefined
    ? []
    : [
        md`The first \`command: deploy\` on these objects restarts the servers one by one, because it annotates them with a digest of their configuration that needs a password.`,
      ];
}

function listNeededSecrets(spec: ClusterSpec, files: readonly string[], isCaGiven: boolean): readonly NeededSecret[] {
  const { name, serverTlsSecret, routeTlsSecret } = spec;
  const issued = nameCertManagerObjects(name);
  const tls = [secretKeys.certificate, secretKeys.privateKey];
  const certificate = (given: string | undefined, made: string): NeededSecret => ({
    name: given ?? made,
    keys: [...tls, secretKeys.trust],
    source:
      given === undefined
        ? md`cert-manager creates it from the Certificate in the files`
        : md`your own Secret, which the inputs name`,
  });
  const authority: NeededSecret = {
    name: issued.clientCa,
    keys: tls,
    source: md`your own CA, from which cert-manager issues (\`kubectl create secret tls\`)`,
  };
  return [
    {
      name: configurationSecretName(name, 0),
      keys: [secretKeys.configuration, ...files],
      source: md`of an earlier \`command: deploy\`, or of another rendering with \`allow: rendered-secrets\`; either with the same inputs, but ${describeCertificateInputs(spec)}`,
    },
    certificate(serverTlsSecret, issued.server),
    certificate(routeTlsSecret, issued.route),
    ...(isCaGiven && serverTlsSecret === undefined ? [authority] : []),
  ];
}

/** Returns the inputs with which other commands use the same certificates. */
function describeCertificateInputs(spec: ClusterSpec): Markdown {
  const { serverTlsSecret, routeTlsSecret } = useCertManagerSecrets(spec);
  return md`${code(`server-tls-secret: ${serverTlsSecret}`)} and ${code(`route-tls-secret: ${routeTlsSecret}`)} in place of the inputs for generated certificates (\`subject-alt-names\`, \`ca-certificate\`, \`ca-private-key\`)`;
}

function listCertManagerNotes(spec: ClusterSpec): readonly Markdown[] {
  return [
    ...(spec.serverTlsSecret !== undefined && spec.routeTlsSecret !== undefined
      ? []
      : [md`cert-manager must be installed, because the files contain Issuers and Certificates.`]),
    md`Servers read renewed certificates only when they reload: run \`command: deploy\` on a schedule, with these Secrets as \`server-tls-secret\` and \`route-tls-secret\`. It reloads every server and verifies the result.`,
  ];
}

/** Renders the objects with every certificate and password that a new deployment would issue. */
export async function renderWithSecrets({ inputs, runner }: RenderRun, asked: ClusterSpec): Promise<Rendering> {
  const now = runner.now();
  const { spec, credentials } = createCredentials({ inputs }, asked);
  const settings = renderSettings(runner.inputs, spec, inputs.renderFormat);
  requireStorable({ spec, credentials, settings });
  const { ca: given, caValidityMs, certificateValidityMs, renewBeforeMs } = inputs;
  const stored = createEmptyMaterial(spec.name);
  const authorities = await prepareCas(spec, stored, { now, caValidityMs, given, isRunning: false });
  collectMaterialSecrets(credentials, authorities).forEach(runner.hide);
  describeOmittedNames(findOmittedServerNames(spec, authorities.client)).forEach(runner.info);
  const userProvided = { server: undefined, route: undefined };
  const issuance = { certificateValidityMs, renewBeforeMs, forced: new Set([]) };
  const desired = await buildDesired({ spec, userProvided, issuance, now }, { cas: authorities, credentials }, stored);
  desired.issued.issued.forEach((line) => runner.info(`issued: ${line}`));
  const material = collectMaterial(settings, desired);
  return {
    ...describeDeployment(inputs, spec, credentials),
    hasSecrets: true,
    isBoundToNamespace: true,
    objectsAt: ({ image }) => buildAllObjects({ ...spec, image, podMonitor: spec.metrics }, material),
    needed: listUserProvidedSecrets(spec),
    notes: [...listCommonNotes(spec), ...listUserProvidedNotes(spec)],
  };
}

/** Returns the settings. The image of a chart is a value that the user can change, so its settings do not name one. */
function renderSettings(
  given: RenderRun['runner']['inputs'],
  { image }: ClusterSpec,
  format: Rendering['format'],
): string {
  return settingsOf(new Map([...given, ['image', format === 'helm' ? '' : image]]));
}

/** Builds all objects. The content of a user-provided Secret is unknown here, so the objects leave it out. */
function buildAllObjects(spec: ClusterSpec, material: Material): readonly Manifest[] {
  const objects = buildManifests(spec, material);
  return spec.serverTlsSecret === undefined ? objects : objects.flatMap(removeUnknownTrust);
}

function removeUnknownTrust(object: Manifest): readonly Manifest[] {
  const { data } = object;
  if (object.kind !== 'Secret' || !isRecord(data)) {
    return [object];
  }
  const trust: readonly string[] = [secretKeys.trust, secretKeys.trustPem];
  const known = Object.entries(data).filter(([key, value]) => value !== '' || !trust.includes(key));
  return known.length === 0 ? [] : [{ ...object, data: Object.fromEntries(known) }];
}

function listUserProvidedSecrets({ serverTlsSecret, routeTlsSecret }: ClusterSpec): readonly NeededSecret[] {
  const keys = [secretKeys.certificate, secretKeys.privateKey, secretKeys.trust];
  return [serverTlsSecret, routeTlsSecret].flatMap((name) =>
    name === undefined ? [] : [{ name, keys, source: md`your own Secret, which the inputs name` }],
  );
}

function listUserProvidedNotes({ name, serverTlsSecret, routeTlsSecret }: ClusterSpec): readonly Markdown[] {
  if (serverTlsSecret === undefined && routeTlsSecret === undefined) {
    return [];
  }
  const { clientSecret, clientTlsSecret } = clusterNames(name);
  const trust =
    serverTlsSecret === undefined
      ? EMPTY
      : md` and adds the CAs that clients trust (\`ca.crt\`) to ${code(clientSecret)} and ${code(clientTlsSecret)}`;
  return [
    md`\`render\` cannot read your Secrets. Run \`command: deploy\` with the same inputs once: it checks their certificates${trust}. Until then, \`command: verify\` reports drift.`,
  ];
}
