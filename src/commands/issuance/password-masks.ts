import { secretsOfFiles } from '../../inputs/files.ts';
import type { DeploymentCredentials } from '../../manifests/material.ts';
import { secretsOf } from '../../nats/conf/secrets.ts';
import { acceptedBy } from '../../rotation/track.ts';
import type { Runner } from '../../runner/runner.ts';

/** Keys never leave this process but for the API server, so passwords are all that a later step could print. */
export function maskPasswords(runner: Pick<Runner, 'mask'>, credentials: DeploymentCredentials): void {
  const { client, route, system, probe, users, files, configuration, systemCredentials } = credentials;
  for (const { password } of [...acceptedBy(client), ...acceptedBy(route), system, probe]) {
    runner.mask(password);
  }
  if (systemCredentials !== undefined) [systemCredentials.seed, systemCredentials.jwt].forEach(runner.mask);
  if (configuration !== undefined) secretsOf(configuration.tree).forEach(runner.mask);
  users.forEach(({ password }) => password !== undefined && runner.mask(password));
  secretsOfFiles(files).forEach((secret) => runner.mask(secret));
}
