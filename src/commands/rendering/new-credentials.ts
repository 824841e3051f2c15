import type { ClusterSpec } from '../../cluster/spec.ts';
import type { DeploymentCredentials } from '../../manifests/material.ts';
import { storedMaterial } from '../../manifests/stored-material.ts';
import { joinedConfiguration } from '../configuration.ts';
import { deploymentCredentials } from '../issuance/credentials.ts';
import { configuredSpec, requireFreeUserNames, withConfiguration } from '../preflight/user-configuration.ts';
import type { RenderRun } from '../render.ts';

/** What is stored where there is no cluster. */
export const nothingStored = (name: string) => storedMaterial(name, []);

/**
 * The users of a new deployment, with passwords that are made for it, and the spec with what its configuration needs.
 * @throws ActionError INPUT_INVALID for a configuration that cannot be joined with the generated one
 */
export function newCredentials(
  { inputs }: Pick<RenderRun, 'inputs'>,
  asked: ClusterSpec,
): { readonly spec: ClusterSpec; readonly credentials: DeploymentCredentials } {
  const stored = nothingStored(asked.name);
  const own = deploymentCredentials(inputs, stored);
  const credentials = withConfiguration(own, inputs.config, { stored, provedDeployment: undefined });
  const spec = configuredSpec(asked, credentials);
  joinedConfiguration(spec, credentials);
  requireFreeUserNames(spec, credentials);
  return { spec, credentials };
}
