import { secretsOfFiles } from '../inputs/files.ts';
import { secretsOf } from '../nats/conf/secrets.ts';
import { acceptedBy } from '../rotation/track.ts';
import type { KnownSecret } from '../secrets/known-secret.ts';
import type { Authorities, Authority, DeploymentCredentials } from './material.ts';
import { storedConfigurationSecrets } from './secret-values.ts';

/** Returns every password, key and token that a deployment has before certificates are issued. */
export function materialSecrets(
  credentials: DeploymentCredentials,
  { client, route, ...others }: Authorities,
): readonly KnownSecret[] {
  const keys = [client, route].flatMap((track) => (track === undefined ? [] : acceptedBy(track))).flatMap(keyOf);
  return [...credentialSecrets(credentials), ...known('ca-private-key', keys), ...nothing(others)];
}

function credentialSecrets(credentials: DeploymentCredentials): readonly KnownSecret[] {
  const { client, route, system, probe, users, files, configuration, previousConfiguration, ...rest } = credentials;
  const { systemCredentials, ...others } = rest;
  const tree = configuration === undefined ? [] : secretsOf(configuration.tree);
  const previous = previousConfiguration === undefined ? [] : storedConfigurationSecrets(previousConfiguration);
  return [
    ...known(
      'client-password',
      acceptedBy(client).map(({ password }) => password),
    ),
    ...known(
      'route-password',
      acceptedBy(route).map(({ password }) => password),
    ),
    ...known('password of a user of this action', [system.password, probe.password]),
    ...known(
      'users',
      users.flatMap(({ password }) => password ?? []),
    ),
    ...known('files', secretsOfFiles(files)),
    ...known(configuration?.input ?? 'config', [...tree, ...previous]),
    ...known(
      'system-credentials',
      systemCredentials === undefined ? [] : [systemCredentials.seed, systemCredentials.jwt],
    ),
    ...nothing(others),
  ];
}

function keyOf({ privateKey }: Authority): readonly string[] {
  return privateKey === undefined ? [] : [privateKey];
}

function known(source: string, texts: readonly string[]): readonly KnownSecret[] {
  return texts.map((text) => ({ text, source }));
}

/**
 * Returns an empty list for the unhandled rest of an object. A field that is added but not handled does not compile.
 */
function nothing(_rest: Readonly<Record<string, never>>): readonly KnownSecret[] {
  return [];
}
