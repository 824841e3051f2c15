import { configurationSecretName } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { settingsOf } from '../../inputs/settings.ts';
import { certManagerManifests, certManagerNames, withCertManager } from '../../manifests/cert-manager.ts';
import { openManifestsFor } from '../../manifests/manifests.ts';
import { secretKeys } from '../../manifests/secret-keys.ts';
import type { NeededSecret, Rendering } from '../../rendering/rendering.ts';
import { code, type Markdown, md } from '../../report/markdown.ts';
import { requireStorable } from '../preflight/object-sizes.ts';
import type { RenderRun } from './render-run.ts';
import { newCredentials } from './new-credentials.ts';
import { commonNotes, describedBy } from './notes.ts';

/**
 * Renders the objects without any secret. Certificates are left to cert-manager, or to the Secrets that the inputs
 * name.
 */
export function renderingByReference({ inputs, runner }: RenderRun, asked: ClusterSpec): Rendering {
  const { spec, credentials } = newCredentials({ inputs }, asked);
  requireStorable({ spec, credentials, settings: settingsOf(runner.inputs) });
  const isAuthorityGiven = inputs.authority !== undefined;
  const { certificateValidityMs, caValidityMs, renewBeforeMs } = inputs;
  const terms = { certificateValidityMs, caValidityMs, renewBeforeMs, isAuthorityGiven };
  return {
    ...describedBy(inputs, spec, credentials),
    hasSecrets: false,
    isBoundToNamespace: false,
    objectsAt: (place) => {
      const placed = withoutDigest({ ...spec, ...place, podMonitor: spec.metrics });
      return [...certManagerManifests(placed, terms), ...openManifestsFor(withCertManager(placed))];
    },
    needed: neededSecrets(spec, Object.keys(credentials.files), isAuthorityGiven),
    notes: [...commonNotes(spec), ...certManagerNotes(spec), ...digestNotes(spec)],
  };
}

/** Returns the spec without the restart digest, because the digest is keyed by a password that is unknown here. */
function withoutDigest(spec: ClusterSpec): ClusterSpec {
  return spec.configuration === undefined
    ? spec
    : { ...spec, configuration: { ...spec.configuration, restartDigest: undefined } };
}

function digestNotes({ configuration }: ClusterSpec): readonly Markdown[] {
  return configuration?.restartDigest === undefined
    ? []
    : [
        md`The first \`command: deploy\` after it replaces the servers one by one, as it marks which configuration they have started with; that mark is made with a password.`,
      ];
}

function neededSecrets(
  spec: ClusterSpec,
  files: readonly string[],
  isAuthorityGiven: boolean,
): readonly NeededSecret[] {
  const { name, serverTlsSecret, routeTlsSecret } = spec;
  const issued = certManagerNames(name);
  const tls = [secretKeys.certificate, secretKeys.privateKey];
  const certificate = (given: string | undefined, made: string): NeededSecret => ({
    name: given ?? made,
    keys: [...tls, secretKeys.trust],
    source:
      given === undefined
        ? md`cert-manager makes it of the Certificate among the files`
        : md`yours, as the inputs name it`,
  });
  const authority: NeededSecret = {
    name: issued.clientAuthority,
    keys: tls,
    source: md`your own authority, from which cert-manager issues (\`kubectl create secret tls\`)`,
  };
  return [
    {
      name: configurationSecretName(name, 0),
      keys: [secretKeys.configuration, ...files],
      source: md`of an earlier \`command: deploy\`, or of another rendering with \`allow: rendered-secrets\`; either with the same inputs, but ${certificateInputs(spec)}`,
    },
    certificate(serverTlsSecret, issued.server),
    certificate(routeTlsSecret, issued.route),
    ...(isAuthorityGiven && serverTlsSecret === undefined ? [authority] : []),
  ];
}

/** Returns the inputs by which other commands get the same certificates. */
function certificateInputs(spec: ClusterSpec): Markdown {
  const { serverTlsSecret, routeTlsSecret } = withCertManager(spec);
  return md`${code(`server-tls-secret: ${serverTlsSecret}`)} and ${code(`route-tls-secret: ${routeTlsSecret}`)} in the place of what is only for generated certificates (\`subject-alt-names\`, \`ca-certificate\`, \`ca-private-key\`)`;
}

function certManagerNotes(spec: ClusterSpec): readonly Markdown[] {
  return [
    ...(spec.serverTlsSecret !== undefined && spec.routeTlsSecret !== undefined
      ? []
      : [md`cert-manager has to be in the cluster, as the Issuers and Certificates are of its kinds.`]),
    md`Servers read renewed certificates only when they are told to: run \`command: deploy\` on a schedule, with these Secrets as \`server-tls-secret\` and \`route-tls-secret\`; it has every server reload them, and proves it.`,
  ];
}
