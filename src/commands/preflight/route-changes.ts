import { type ActionError, hasCode, problemError } from '../../errors/action-error.ts';
import { needsRestart } from '../../manifests/pod-template.ts';
import { listAccounts } from '../../nats/conf/settings/jetstream-accounts.ts';
import { type MeshSettings, readMeshSettings } from '../../nats/conf/settings/joined-clusters.ts';
import { readStoredTexts } from '../../nats/conf/settings/sources.ts';
import { acceptsOtherPoolSizes, DEFAULT_POOL_SIZE, parseImageRelease } from '../../nats/mesh/version.ts';
import { readVerifiedConfiguration } from '../desired/user-configuration.ts';
import type { PlannedDeployment } from './accepted-configuration.ts';

/** The routes of servers without a configuration of the user. */
const DEFAULTS: MeshSettings = { poolSize: undefined, pinnedAccounts: [] };

/**
 * Refuses other pinned accounts, and before nats-server 2.11.2 another pool size, together with settings that need a
 * restart. A reload passes them on to the other servers. Servers that restart one after the other do not: they have no
 * route for a pinned account that the other server does not know, and refuse another pool size (nats-server
 * `server/route.go`, `addRoute`). The mesh would be incomplete until all servers have restarted.
 * @throws ActionError CHANGE_FORBIDDEN, reason RoutesDiffer
 */
export function requireAgreeingRoutes({
  spec,
  live,
  credentials,
}: Pick<PlannedDeployment, 'spec' | 'live'> & {
  readonly credentials: Pick<PlannedDeployment['credentials'], 'configuration'>;
}): void {
  const restarting = live.pods.filter(({ annotations }) => needsRestart(spec, annotations));
  if (restarting.length === 0 || live.pods.length < 2 || live.stored.settings === undefined) {
    return;
  }
  const configuration = readConfigurationBefore(live);
  const before = configuration === undefined ? DEFAULTS : readMeshSettings(configuration.tree);
  const wanted = spec.configuration ?? DEFAULTS;
  const { configuration: given } = credentials;
  const differing = findDifferingAccounts(before, wanted, given === undefined ? [] : listAccounts(given.tree));
  if (differing.length > 0) {
    throw routesDifferError('accounts', `servers would have no route for ${differing.join(', ')}`);
  }
  const releases = [live.image, spec.image].flatMap((image) => parseImageRelease(image ?? '') ?? []);
  const [from, to] = [before, wanted].map(({ poolSize = DEFAULT_POOL_SIZE }) => poolSize);
  if (from !== to && !releases.every(acceptsOtherPoolSizes)) {
    throw routesDifferError('pool_size', `servers would refuse each other, because they have ${from} and ${to}`);
  }
}

/** Returns the configuration that was last verified: a failed deployment may have stored another one. */
function readConfigurationBefore(live: PlannedDeployment['live']): ReturnType<typeof readStoredTexts> {
  if (live.verifiedDeployment === undefined) return readStoredTexts(live.stored.configuration ?? '');
  try {
    return readVerifiedConfiguration(live);
  } catch (error) {
    if (!hasCode(error, 'DRIFT')) throw error;
    return readStoredTexts(live.stored.configuration ?? ''); // The copy of the verified one is lost.
  }
}

/** Returns the accounts that are pinned or no longer pinned. An account that is removed needs no routes. */
function findDifferingAccounts(
  before: MeshSettings,
  wanted: MeshSettings,
  accounts: ReturnType<typeof listAccounts>,
): readonly string[] {
  const added = wanted.pinnedAccounts.filter((name) => !before.pinnedAccounts.includes(name));
  const kept = new Set(accounts.map(({ key }) => key));
  const removed = before.pinnedAccounts.filter((name) => kept.has(name) && !wanted.pinnedAccounts.includes(name));
  return [...added, ...removed].toSorted();
}

function routesDifferError(field: 'accounts' | 'pool_size', effect: string): ActionError<'CHANGE_FORBIDDEN'> {
  return problemError('CHANGE_FORBIDDEN', {
    object: 'config',
    reason: 'RoutesDiffer',
    message: `\`cluster.${field}\` would change together with settings that need a restart. Until every server has restarted, ${effect}`,
    hint: `Change \`cluster.${field}\` in a deployment of its own, which servers apply via a reload: after the other settings if it names new accounts, otherwise before them.`,
  });
}
