import type { Problem } from '../reader/session.ts';
import { type ConfBlock, type ConfValue, isBlock, isList, resolved } from '../reader/value.ts';
import { type Field, fieldNamed, fieldsOf } from './fields.ts';

/**
 * Checks whether servers of other clusters become members of the same JetStream meta group. Servers behind gateways do,
 * because the system account spans them (nats-server `server/jetstream_cluster.go`, `setupMetaGroup`).
 */
export function joinsClusters(configuration: ConfBlock): boolean {
  return fieldNamed('gateway', fieldsOf('top', configuration)) !== undefined;
}

/** Returns the reason why the gateway conflicts with JetStream; undefined if it does not. */
export function gatewayProblem(
  gateway: Field,
  { clusterName, isStandalone, hasJetStream }: { clusterName: string; isStandalone: boolean; hasJetStream: boolean },
): Problem | undefined {
  if (isStandalone) return standaloneGateway;
  const value = resolved(gateway.value);
  if (!hasJetStream || !isBlock(value)) return undefined;
  const remotes = fieldNamed('gateways', fieldsOf('listener', value))?.value;
  const own = remotes === undefined ? [] : blocksOf(remotes).filter((remote) => textAt(remote, 'name') === clusterName);
  const hosts = own
    .flatMap((remote) => [textAt(remote, 'url') ?? [], ...textsAt(remote, 'urls')].flat())
    .map(firstLabel);
  return hosts.includes(clusterName) ? readyGateway(clusterName) : undefined;
}

/** Checks whether a remote of `leafnodes` binds the system account, and with it the JetStream of another cluster. */
export function sharesSystemAccount(leafnodes: Field): boolean {
  const value = resolved(leafnodes.value);
  const remotes = isBlock(value) ? fieldNamed('remotes', fieldsOf('listener', value))?.value : undefined;
  return remotes !== undefined && blocksOf(remotes).some((remote) => textAt(remote, 'account') === '$SYS');
}

/**
 * The problem of a gateway on a single server. With gateways a server is not standalone, and a JetStream cluster needs
 * routes (`standAloneMode`, `enableJetStreamClustering`).
 */
const standaloneGateway: Problem = {
  says: 'got a gateway for a single server with JetStream, which nats-server does not start: its JetStream then needs a cluster',
  fix: 'set the input `replicas` to 3 (as another deployment, if this one has streams), or remove `gateway`',
};

export const sharedSystemAccount: Problem = {
  says: 'got a leaf node remote for account "$SYS" beside the input `jetstream`; its servers would join the JetStream of the other cluster',
  fix: 'bind the remote to an account of your own, or set the input `jetstream` to false',
};

const readyGateway = (name: string): Problem => ({
  says: `got a gateway URL by Service \`${name}\`, which has ready servers only, beside the input \`jetstream\`; servers get ready only once the gateways have met`,
  fix: `write the host \`${name}-headless\` in place of \`${name}\`, in this deployment and in the others`,
});

function blocksOf(value: ConfValue): readonly ConfBlock[] {
  const actual = resolved(value);
  return isList(actual) ? actual.items.map(resolved).filter(isBlock) : [];
}

function textAt(block: ConfBlock, name: string): string | undefined {
  const value = resolved(fieldNamed(name, fieldsOf('listener', block))?.value ?? '');
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function textsAt(block: ConfBlock, name: string): readonly string[] {
  const value = resolved(fieldNamed(name, fieldsOf('listener', block))?.value ?? '');
  return isList(value) ? value.items.map(resolved).filter((item) => typeof item === 'string') : [];
}

/** Returns `east` of `tls://user:password@east.messaging.svc:7222`. */
function firstLabel(url: string): string {
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

export function meshSettingsOf(configuration: ConfBlock): MeshSettings {
  const cluster = resolved(fieldNamed('cluster', fieldsOf('top', configuration))?.value ?? '');
  const fields = isBlock(cluster) ? fieldsOf('cluster', cluster) : [];
  const poolSize = resolved(fieldNamed('pool_size', fields)?.value ?? '');
  const accounts = resolved(fieldNamed('accounts', fields)?.value ?? '');
  const names = (isList(accounts) ? accounts.items : [accounts]).map(resolved);
  return {
    poolSize: typeof poolSize === 'number' ? poolSize : undefined,
    pinnedAccounts: names.filter((name) => typeof name === 'string' && name !== '').map(String),
  };
}
