import type { Problem } from '../reader/session.ts';
import { type ConfBlock, type ConfValue, isBlock, isList, resolveVariable } from '../reader/value.ts';
import { type Field, findField, readFields } from './fields.ts';

/**
 * Checks whether servers of other clusters become members of the same JetStream meta group. Servers behind gateways do,
 * because the system account spans them (nats-server `server/jetstream_cluster.go`, `setupMetaGroup`).
 */
export function joinsClusters(configuration: ConfBlock): boolean {
  return findField('gateway', readFields('top', configuration)) !== undefined;
}

/** Returns the reason why the gateway conflicts with JetStream; undefined if it does not. */
export function checkGateway(
  gateway: Field,
  { clusterName, isStandalone, hasJetStream }: { clusterName: string; isStandalone: boolean; hasJetStream: boolean },
): Problem | undefined {
  if (isStandalone) return standaloneGateway;
  const value = resolveVariable(gateway.value);
  if (!hasJetStream || !isBlock(value)) return undefined;
  const remotes = findField('gateways', readFields('listener', value))?.value;
  const own =
    remotes === undefined ? [] : listBlocks(remotes).filter((remote) => readText(remote, 'name') === clusterName);
  const hosts = own
    .flatMap((remote) => [readText(remote, 'url') ?? [], ...readTexts(remote, 'urls')].flat())
    .map(cutFirstLabel);
  return hosts.includes(clusterName) ? describeReadyGateway(clusterName) : undefined;
}

/** Checks whether a remote of `leafnodes` binds the system account, and with it the JetStream of another cluster. */
export function sharesSystemAccount(leafnodes: Field): boolean {
  const value = resolveVariable(leafnodes.value);
  const remotes = isBlock(value) ? findField('remotes', readFields('listener', value))?.value : undefined;
  return remotes !== undefined && listBlocks(remotes).some((remote) => readText(remote, 'account') === '$SYS');
}

/**
 * The problem of a gateway on a single server. With gateways a server is not standalone, and a JetStream cluster needs
 * routes (`standAloneMode`, `enableJetStreamClustering`).
 */
const standaloneGateway: Problem = {
  says: 'got a gateway for a single server with JetStream, expected several servers: with a gateway, nats-server runs JetStream only in a cluster',
  fix: 'set the input `replicas` to 3 (as another deployment, if this one has streams), or remove `gateway`',
};

export const sharedSystemAccount: Problem = {
  says: 'got a leaf node remote for account "$SYS" together with input `jetstream`; the servers would join the JetStream of the other cluster',
  fix: 'bind the remote to an account of your own, or set the input `jetstream` to false',
};

const describeReadyGateway = (name: string): Problem => ({
  says: `got a gateway URL with the Service \`${name}\` together with the input \`jetstream\`; the Service reaches only ready servers, but with JetStream, servers become ready only after the gateways are connected`,
  fix: `write the host \`${name}-headless\` in place of \`${name}\`, in this deployment and in the others`,
});

function listBlocks(value: ConfValue): readonly ConfBlock[] {
  const actual = resolveVariable(value);
  return isList(actual) ? actual.items.map(resolveVariable).filter(isBlock) : [];
}

function readText(block: ConfBlock, name: string): string | undefined {
  const value = resolveVariable(findField(name, readFields('listener', block))?.value ?? '');
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function readTexts(block: ConfBlock, name: string): readonly string[] {
  const value = resolveVariable(findField(name, readFields('listener', block))?.value ?? '');
  return isList(value) ? value.items.map(resolveVariable).filter((item) => typeof item === 'string') : [];
}

/** Returns `east` of `tls://user:password@east.messaging.svc:7222`. */
function cutFirstLabel(url: string): string {
  const host = url.split('://').at(-1)?.split('@').at(-1) ?? '';
  return host.split(/[.:/]/, 1)[0] ?? '';
}

/** The part of a configuration that decides how many routes two servers have with each other. */
export type MeshSettings = {
  /** The `cluster.pool_size`; undefined leaves the server's default. */
  readonly poolSize: number | undefined;
  /** The `cluster.accounts`: each has a route of its own, as the system account always has. */
  readonly pinnedAccounts: readonly string[];
};

export function readMeshSettings(configuration: ConfBlock): MeshSettings {
  const cluster = resolveVariable(findField('cluster', readFields('top', configuration))?.value ?? '');
  const fields = isBlock(cluster) ? readFields('cluster', cluster) : [];
  const poolSize = resolveVariable(findField('pool_size', fields)?.value ?? '');
  const accounts = resolveVariable(findField('accounts', fields)?.value ?? '');
  const names = (isList(accounts) ? accounts.items : [accounts]).map(resolveVariable);
  return {
    poolSize: typeof poolSize === 'number' ? poolSize : undefined,
    pinnedAccounts: names.filter((name) => typeof name === 'string' && name !== '').map(String),
  };
}
