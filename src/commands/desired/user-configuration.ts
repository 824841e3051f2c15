import { createHmac } from 'node:crypto';
import { selectRestartPart } from '../../change/restart-part.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { isGenerationOf, OWN_USER_PREFIX } from '../../cluster/user.ts';
import { type ActionError, hasCode, problemError } from '../../errors/action-error.ts';
import { createInputError } from '../../inputs/grammar/violations.ts';
import type { DeploymentCredentials } from '../../manifests/material.ts';
import { joinsClusters, readMeshSettings } from '../../nats/conf/settings/joined-clusters.ts';
import { listListeners } from '../../nats/conf/settings/listeners.ts';
import { findReservedUsers, type UserConfiguration } from '../../nats/conf/settings/merge.ts';
import { findResolverDirectory } from '../../nats/conf/settings/operator.ts';
import { readStoredTexts } from '../../nats/conf/settings/sources.ts';
import { listAccepted } from '../../rotation/track.ts';
import type { LiveState } from '../live/live-state.ts';

/** The number of hexadecimal digits of a digest: two equal digests in one cluster are practically impossible. */
const DIGEST_LENGTH = 16;

/** Returns the credentials with this configuration, and with the configuration that a rollback would restore. */
export function addConfiguration(
  credentials: DeploymentCredentials,
  wanted: UserConfiguration | undefined,
  { stored, verifiedDeployment }: Pick<LiveState, 'stored' | 'verifiedDeployment'>,
): DeploymentCredentials {
  const { configuration: before } = stored;
  const isVerified = before !== undefined && digestText(credentials, before) === verifiedDeployment?.configuration;
  const earlier = isVerified && before !== wanted?.texts ? before : stored.previousConfiguration;
  // An equal text is kept only once, because two copies could exceed the size of a Secret.
  const previousConfiguration = earlier === wanted?.texts ? undefined : earlier;
  const { configuration: _, previousConfiguration: __, ...users } = credentials;
  return {
    ...users,
    ...(wanted === undefined ? {} : { configuration: wanted }),
    ...(previousConfiguration === undefined ? {} : { previousConfiguration }),
  };
}

/** Returns the spec with the settings of the configuration that affect Kubernetes objects and routes. */
export function addConfigurationToSpec(
  spec: ClusterSpec,
  credentials: Pick<DeploymentCredentials, 'system' | 'configuration'>,
): ClusterSpec {
  const { configuration } = credentials;
  if (configuration === undefined) {
    return spec;
  }
  const { tree } = configuration;
  const restart = selectRestartPart(tree, { jetstream: spec.jetstream !== undefined });
  const restartDigest = restart === '' ? undefined : digestText(credentials, restart);
  const resolverDirectory = findResolverDirectory(tree);
  const listeners = listListeners(tree);
  const joins = joinsClusters(tree);
  return {
    ...spec,
    configuration: { listeners, ...readMeshSettings(tree), joinsClusters: joins, restartDigest, resolverDirectory },
  };
}

/**
 * Refuses a configuration with a user name that is reserved for this action or for a later rotation, because servers do
 * not accept a name twice.
 * @throws ActionError INPUT_INVALID with file, line and column of each such user
 */
export function requireFreeUserNames(
  { clientUser }: Pick<ClusterSpec, 'clientUser'>,
  credentials: DeploymentCredentials,
) {
  const { configuration, client } = credentials;
  if (configuration === undefined) return;
  const current = new Set(listAccepted(client).map(({ user }) => user));
  const violations = findReservedUsers(configuration, (written) => {
    const user = written.replace(/^CN=/, ''); // `verify-and-map` names users by certificate subjects.
    const isSuccessor = isGenerationOf(user, clientUser) && user !== clientUser && !current.has(user);
    return isSuccessor || user.startsWith(OWN_USER_PREFIX);
  });
  if (violations.length > 0) throw createInputError(violations);
}

/** Returns the digest by which an annotation identifies a configuration; undefined without a configuration. */
export function digestConfiguration(credentials: DeploymentCredentials): string | undefined {
  const { configuration } = credentials;
  return configuration === undefined ? undefined : digestText(credentials, configuration.texts);
}

/**
 * Returns the configuration of the last deployment.
 * @throws ActionError DRIFT, reason ConfigurationUnreadable, when it is not in the form that a deployment keeps
 */
export function parseStoredConfiguration(texts: string | undefined): UserConfiguration | undefined {
  if (texts === undefined) {
    return undefined;
  }
  const read = parseKept(texts);
  if (read === undefined) {
    throw unreadableError('the configuration stored with the deployment is unreadable');
  }
  return read;
}

/**
 * Returns the configuration that was last verified.
 * @throws ActionError DRIFT, reason ConfigurationUnreadable, when the stored copy is missing
 */
export function readVerifiedConfiguration({
  stored,
  verifiedDeployment,
}: Pick<LiveState, 'stored' | 'verifiedDeployment'>): UserConfiguration | undefined {
  const wanted = verifiedDeployment?.configuration;
  const { system } = stored;
  if (wanted === undefined || system === undefined) {
    return undefined;
  }
  const known = [stored.configuration, stored.previousConfiguration];
  const verified = known.find((texts) => texts !== undefined && digestText({ system }, texts) === wanted);
  if (verified === undefined) {
    throw unreadableError('the deployment lost its stored copy of the configuration that was verified last');
  }
  return parseStoredConfiguration(verified);
}

/**
 * Returns a digest with a key that never leaves the cluster, so that a reader of the digest cannot try passwords on it.
 */
function digestText({ system }: Pick<DeploymentCredentials, 'system'>, text: string): string {
  return createHmac('sha256', system.password).update(text).digest('hex').slice(0, DIGEST_LENGTH);
}

function parseKept(texts: string): UserConfiguration | undefined {
  try {
    return readStoredTexts(texts);
  } catch (error) {
    if (hasCode(error, 'INPUT_INVALID')) {
      return undefined; // It was readable when it was deployed, so it was edited since.
    }
    throw error;
  }
}

function unreadableError(message: string): ActionError<'DRIFT'> {
  return problemError('DRIFT', {
    object: 'config',
    reason: 'ConfigurationUnreadable',
    message,
    hint: 'Run `command: deploy` again with the `config` of this deployment, which stores it again.',
  });
}
