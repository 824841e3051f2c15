import type { ChangeClass, InputChange } from '../../change/input-change.ts';
import { podNames } from '../../cluster/names.ts';
import { type ClusterSpec, computeStoreBytes, isStandalone } from '../../cluster/spec.ts';
import { ActionError, type InputViolation, type ObjectProblem } from '../../errors/action-error.ts';
import { createInputError } from '../../inputs/grammar/violations.ts';
import { type DeploymentCredentials, selectSystemUser } from '../../manifests/material.ts';
import { needsRestart } from '../../manifests/pod-template.ts';
import { type JetStreamAccount, readJetStreamAccounts } from '../../nats/conf/settings/jetstream-accounts.ts';
import { findEmptiedStreams, findLostStreams, formatStreams, type StoredStream } from '../../nats/mesh/jetstream.ts';
import type { Pod } from '../../objects/pod.ts';
import type { Run } from '../context/run.ts';
import { closeAll, observeJetStreamServers } from '../pods/jetstream-servers.ts';
import type { PlannedDeployment } from './accepted-configuration.ts';

/** The wanted deployment, the servers that run now, and the inputs in which both differ. */
export type ChangedDeployment = PlannedDeployment & { readonly changes: readonly Pick<InputChange, 'change'>[] };

/** The changes after which every server restarts. */
const RESTARTING: readonly ChangeClass[] = ['rolling', 'recreate'];

/**
 * Checks which streams survive the restarts of a change, by the streams that every Ready server holds. Refuses accounts
 * with which servers would start without streams that they serve now: a reload leaves these streams in place, so only
 * the next restart would show the loss. Returns one line if streams are left without their messages, because only the
 * memory of one server has them.
 * @throws ActionError CHANGE_FORBIDDEN, reason StreamsLost, naming accounts and streams
 */
export async function requireServedStreams(
  run: Pick<Run<unknown>, 'api' | 'signal'>,
  { changes, ...planned }: ChangedDeployment,
): Promise<readonly string[]> {
  const { spec, live, credentials } = planned;
  const accounts = readJetStreamAccounts(credentials.configuration?.tree);
  const restartsAll = changes.some(({ change }) => RESTARTING.includes(change));
  const hasMemory = (spec.jetstream?.memoryBytes ?? 0) > 0;
  const restarting = live.pods.filter(
    (pod) => pod.ready && !pod.terminating && ((restartsAll && hasMemory) || needsRestart(spec, pod.annotations)),
  );
  const held = await readStreams(run, planned, restarting);
  const lost = findLostStreams(held, accounts);
  if (lost.size > 0) {
    throw streamsLostError(lost);
  }
  const emptied = findEmptiedStreams(held);
  return emptied.length === 0 ? [] : [describeEmptied(emptied, spec.replicas)];
}

/**
 * Reads the streams of the servers in these pods. A server that does not answer, or that the stored Secrets do not
 * reach, counts as one without streams: the gate before its restart waits until it is healthy.
 */
async function readStreams(
  { api, signal }: Pick<Run<unknown>, 'api' | 'signal'>,
  { spec, live, credentials }: PlannedDeployment,
  ready: readonly Pod[],
): Promise<readonly StoredStream[]> {
  const { system } = credentials;
  const clientCertificate = live.stored.clients[system.user];
  const trust = live.stored.clientTrust;
  if (spec.jetstream === undefined || ready.length === 0 || trust === undefined) {
    return [];
  }
  const access = { api, spec, system: selectSystemUser(credentials), trust, clientCertificate, signal };
  const names = podNames({ ...spec, replicas: Math.max(spec.replicas, live.statefulSet?.desiredReplicas ?? 0) });
  const servers = observeJetStreamServers(
    access,
    ready.map(({ name }) => name).filter((name) => names.includes(name)),
  );
  try {
    const answers = await Promise.all([...servers.values()].map(async ({ streams }) => await streams()));
    return answers.flatMap((answer) => (answer.ok ? answer.value.streams : []));
  } finally {
    await closeAll(servers);
  }
}

const NAMED = 20;

function describeEmptied(emptied: readonly StoredStream[], servers: number): string {
  const remedy =
    servers === 1
      ? 'back them up first (`nats stream backup STREAM DIRECTORY`)'
      : `give each of them ${Math.min(servers, 3)} replicas first (\`nats stream edit STREAM --replicas ${Math.min(servers, 3)}\`)`;
  return `the restart deletes the messages of streams that one server alone holds, in memory: ${formatStreams(emptied, NAMED)}. To keep the messages, ${remedy}, as a user of their account.`;
}

function streamsLostError(lost: ReadonlyMap<string, readonly StoredStream[]>): ActionError<'CHANGE_FORBIDDEN'> {
  const problems = [...lost].map(([account, streams]): ObjectProblem => {
    const message = `account ${account} holds streams (${formatStreams(streams, NAMED)}), but JetStream would be disabled for it once servers start with this configuration`;
    return { object: 'config', reason: 'StreamsLost', message };
  });
  const ofGlobal = lost.has('$G')
    ? '`$G` is the account of `client-user` and `users`; servers enable JetStream for it only if `accounts` defines no other account. '
    : '';
  const message = problems.map((problem) => problem.message).join('; ');
  return new ActionError('CHANGE_FORBIDDEN', message, {
    reason: 'StreamsLost',
    hint: `${ofGlobal}Keep the accounts that hold streams, with \`jetstream: enabled\`; or back these streams up as a user of their account (\`nats stream backup\`), delete them there (\`nats stream rm\`), run the job again, and restore them (\`nats stream restore\`) as a user of an account with JetStream.`,
    details: { problems },
  });
}

/**
 * Refuses accounts that reserve more than the JetStream of a standalone server has. Such a server would not start,
 * although it accepts the same accounts via a configuration reload (nats-server `sufficientResources` in
 * `server/jetstream.go`). Clustered servers do not count reservations.
 * @throws ActionError INPUT_INVALID
 */
export function requireAccountsFit(spec: ClusterSpec, { configuration }: DeploymentCredentials): void {
  const accounts = readJetStreamAccounts(configuration?.tree);
  if (configuration === undefined || spec.jetstream === undefined || !isStandalone(spec) || accounts.kind !== 'named') {
    return;
  }
  const { memoryBytes } = spec.jetstream;
  const violations = [
    ...findExcess(configuration.input, accounts.accounts, { of: 'memoryBytes', has: memoryBytes }),
    ...findExcess(configuration.input, accounts.accounts, { of: 'fileBytes', has: computeStoreBytes(spec.jetstream) }),
  ];
  if (violations.length > 0) {
    throw createInputError(violations);
  }
}

function findExcess(
  input: string,
  accounts: readonly JetStreamAccount[],
  { of, has }: { readonly of: 'memoryBytes' | 'fileBytes'; readonly has: number },
): readonly InputViolation[] {
  const reserving = accounts.filter((account) => account[of] > 0);
  const reserved = reserving.reduce((sum, account) => sum + account[of], 0);
  if (reserved <= has) return [];
  const [resource, owner] = of === 'memoryBytes' ? ['memory', 'jetstream-memory'] : ['storage', 'jetstream-storage'];
  const names = reserving.map(({ name }) => name).join(', ');
  const room = of === 'memoryBytes' ? '' : ', because a tenth of the volume stays free';
  return [
    {
      input,
      message: `accounts reserve ${reserved} bytes of JetStream ${resource} (${names}), and the one server has ${has}; it would not start`,
      correction: `# lower the limits of these accounts to ${has} bytes in all, or raise \`${owner}\`${room}`,
    },
  ];
}
