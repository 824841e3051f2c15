import { computeConfigRevision } from '../../cluster/revision.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import type { Rendering } from '../../export/rendering.ts';
import type { RenderInputs } from '../../inputs/inputs.ts';
import type { DeploymentCredentials } from '../../manifests/material.ts';
import { decodeStoredMaterial } from '../../manifests/stored-material.ts';
import { formatWithoutSecrets } from '../../nats/conf/settings/secrets.ts';
import type { Runner } from '../../runner/runner.ts';
import { code, type Markdown, md } from '../../text/markdown.ts';
import { joinConfiguration } from '../desired/configuration.ts';
import { addConfiguration, addConfigurationToSpec, requireFreeUserNames } from '../desired/user-configuration.ts';
import { prepareCredentials } from '../issuance/credentials.ts';

/** One run of `render`. */
export type RenderRun = {
  readonly inputs: RenderInputs;
  readonly runner: Pick<Runner, 'inputs' | 'now' | 'info' | 'warning' | 'hide' | 'writeFolder'>;
};

/** Returns empty stored material, because rendering has no cluster to read from. */
export const createEmptyMaterial = (name: string) => decodeStoredMaterial(name, []);

/**
 * Returns the users of a new deployment with generated passwords, and the spec with the parts that its configuration
 * needs.
 * @throws ActionError INPUT_INVALID for a configuration that cannot be joined with the generated one
 */
export function createCredentials(
  { inputs }: Pick<RenderRun, 'inputs'>,
  asked: ClusterSpec,
): { readonly spec: ClusterSpec; readonly credentials: DeploymentCredentials } {
  const stored = createEmptyMaterial(asked.name);
  const own = prepareCredentials(inputs, stored);
  const credentials = addConfiguration(own, inputs.config, { stored, verifiedDeployment: undefined });
  const spec = addConfigurationToSpec(asked, credentials);
  joinConfiguration(spec, credentials);
  requireFreeUserNames(spec, credentials);
  return { spec, credentials };
}

/** Returns the facts that every rendering states about the deployment. */
export function describeDeployment(
  { renderFormat }: RenderInputs,
  spec: ClusterSpec,
  { configuration }: DeploymentCredentials,
): Pick<Rendering, 'format' | 'name' | 'namespace' | 'image' | 'configRevision'> {
  const { name, namespace, image } = spec;
  const own = configuration === undefined ? undefined : formatWithoutSecrets(configuration.tree);
  return { format: renderFormat, name, namespace, image, configRevision: computeConfigRevision(spec, own) };
}

/** Returns notes about facts that are known only in a cluster. */
export function listCommonNotes({ serviceType, metrics }: ClusterSpec): readonly Markdown[] {
  return [
    ...(serviceType === 'ClusterIP'
      ? []
      : [
          md`The server certificate does not contain the address of ${code(`service-type: ${serviceType}`)}, because it is not known yet: add it to \`subject-alt-names\`, or run \`command: deploy\`, which adds it.`,
        ]),
    ...(metrics
      ? [
          md`The PodMonitor (\`optional/\`) is for clusters with the Prometheus operator: apply it there. Helm installs it only if the cluster has its CRD.`,
        ]
      : []),
  ];
}
