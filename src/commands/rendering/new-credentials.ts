import type { ClusterSpec } from '../../cluster/spec.ts';
import type { DeploymentCredentials } from '../../manifests/material.ts';
import { storedMaterial } from '../../manifests/stored-material.ts';
import { joinedConfiguration } from '../configuration.ts';
import { deploymentCredentials } from '../issuance/credentials.ts';
import { configuredSpec, requireFreeUserNames, withConfiguration } from '../preflight/user-configuration.ts';
import type { RenderRun } from './render-run.ts';

/** Returns empty stored material, because rendering has no cluster to read from. */
export const nothingStored = (name: string) => storedMaterial(name, []);

/**
 * Returns the users of a new deployment with generated passwords, and the spec with the parts that its configuration
 * needs.
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
