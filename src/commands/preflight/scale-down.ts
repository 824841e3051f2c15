import { parsePodOrdinal, podName, podNames } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { type ActionError, problemError } from '../../errors/action-error.ts';
import { selectSystemUser } from '../../manifests/material.ts';
import { collectStreams, type HeldStreams, type ServerAnswer } from '../../nats/mesh/drain.ts';
import { findStreamsWiderThan, formatStreams, isSubjectToken } from '../../nats/mesh/jetstream.ts';
import type { JetStreamObserver } from '../../servers/observers.ts';
import { pause } from '../../time/pause.ts';
import type { Run } from '../context/run.ts';
import type { LiveState } from '../live/live-state.ts';
import { closeAll, observeJetStreamServers, tooManyReplicasError } from '../pods/jetstream-servers.ts';
import type { PlannedDeployment } from './accepted-configuration.ts';
import { readLastDeployment } from './forbidden-changes.ts';

const PATIENCE_MS = 20_000;
const ROUND_MS = 500;

/**
 * Returns the number of servers with which the change starts. If servers are to be removed, their streams have to be
 * moved first, so this is the number that covers all members of the meta group; otherwise it is the number in the spec.
 * The pods do not decide: a killed run may have removed a running server from the group, and the pod of a member may
 * have been deleted.
 * @throws ActionError CHANGE_FORBIDDEN, before anything is touched, for streams that cannot be moved to the smaller
 * cluster
 */
export async function determineFirstReplicas(
  { api, signal }: Pick<Run<unknown>, 'api' | 'signal'>,
  { spec, live, credentials }: PlannedDeployment,
): Promise<number> {
  const before = countEarlierServers(spec, live);
  if (spec.jetstream === undefined || live.statefulSet === undefined || before <= spec.replicas) {
    return spec.replicas;
  }
  if (spec.replicas === 1) {
    throw leftAloneError(before);
  }
  const { system } = credentials;
  const clientCertificate = live.stored.clients[system.user];
  const trust = live.stored.clientTrust ?? '';
  const access = { api, spec, system: selectSystemUser(credentials), trust, clientCertificate, signal };
  const servers = observeJetStreamServers(access, podNames({ ...spec, replicas: before }));
  try {
    const { members, streams } = await waitForKnownStreams(spec, servers, signal);
    requireRoom(spec, streams);
    return Math.max(spec.replicas, ...[...members].map((name) => (parsePodOrdinal(spec.name, name) ?? 0) + 1));
  } finally {
    await closeAll(servers);
  }
}

/**
 * Returns the largest of the running, the wanted and the last deployed number of servers, because a killed run may have
 * changed only some of them.
 */
function countEarlierServers({ replicas }: ClusterSpec, live: LiveState): number {
  const { statefulSet } = live;
  return Math.max(replicas, statefulSet?.desiredReplicas ?? 0, readLastDeployment(live)?.inputs.replicas ?? 0);
}

type Known = Extract<HeldStreams, { kind: 'known' }>;

async function waitForKnownStreams(
  { name, replicas }: ClusterSpec,
  servers: ReadonlyMap<string, JetStreamObserver>,
  signal: AbortSignal,
): Promise<Known> {
  const endsAt = performance.now() + PATIENCE_MS;
  for (;;) {
    const answers = await Promise.all(
      [...servers].map(async ([server, observer]) => [server, await askServer(observer)] as const),
    );
    const held = collectStreams(new Map(answers), replicas);
    if (held.kind === 'known') {
      return held;
    }
    if (performance.now() > endsAt) {
      throw unknownStreamsError(name, held.silent);
    }
    await pause(ROUND_MS, signal);
  }
}

async function askServer({ varz, streams }: JetStreamObserver): Promise<ServerAnswer> {
  const varzAnswer = await varz();
  const store = varzAnswer.ok ? await streams() : varzAnswer;
  return varzAnswer.ok && store.ok ? { varz: varzAnswer.value, store: store.value } : undefined;
}

function requireRoom({ name, replicas }: ClusterSpec, streams: Known['streams']): void {
  const wide = findStreamsWiderThan(replicas, streams);
  if (wide.length > 0) {
    throw tooManyReplicasError(wide, { replicas, name });
  }
  const stay: readonly string[] = podNames({ name, replicas });
  const fixed = streams.filter(({ server, account }) => !stay.includes(server) && !isSubjectToken(account));
  if (fixed.length > 0) {
    const text = `servers that would be removed hold streams of accounts whose names a JetStream request cannot contain: ${formatStreams(fixed)}`;
    throw replicasForbiddenError(
      'AccountName',
      text,
      'Keep `replicas` as it is, or move these streams to an account with a plain name.',
    );
  }
}

function leftAloneError(before: number): ActionError<'CHANGE_FORBIDDEN'> {
  const text = `replicas is 1, the running cluster has ${before} with JetStream; a single server does not find the streams of a cluster`;
  return replicasForbiddenError('StandaloneJetStream', text, 'Keep `replicas` at 2 or more.');
}

function unknownStreamsError(name: string, silent: readonly string[]): ActionError<'CHANGE_FORBIDDEN'> {
  const cause =
    silent.length === 0 ? 'they do not agree on a JetStream meta leader' : `${silent.join(', ')} do not answer`;
  const text = `servers of ${name} cannot be removed, because it is unknown which streams they hold: ${cause}`;
  const hint = `First run the job with the previous number of replicas, which brings the servers back or reports what is wrong with them (\`kubectl get pods\`, \`kubectl logs ${podName(name, 0)}\`).`;
  return replicasForbiddenError('StreamsUnknown', text, hint);
}

function replicasForbiddenError(reason: string, message: string, hint: string): ActionError<'CHANGE_FORBIDDEN'> {
  return problemError('CHANGE_FORBIDDEN', { object: 'replicas', reason, message, hint });
}
