import { FIELD_MANAGER, labelSelector, parsePodOrdinal } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { selectAppliedPart } from '../../drift/applied-part.ts';
import { ActionError, type ErrorCode, isActionError } from '../../errors/action-error.ts';
import { readDeployInputs } from '../../inputs/settings.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import { isResourceKind } from '../../kubernetes/resources.ts';
import type { KubernetesObject } from '../../objects/object.ts';
import { decodePod } from '../../objects/pod.ts';
import type { Run } from '../context/run.ts';
import { buildSpec } from '../desired/deployment.ts';
import type { Desired } from '../desired/desired.ts';
import { addConfigurationToSpec, parseStoredConfiguration } from '../desired/user-configuration.ts';
import { type Gate, passMeshGate } from '../gate/mesh-gate.ts';
import type { LiveState } from '../live/live-state.ts';
import { readVersion, writeOnVersion } from '../live/requests.ts';
import type { ReloadReaction } from '../reload/reloads.ts';
import { Trial } from '../reload/trial.ts';
import { FollowedSet } from './rollout.ts';
import { expectServers, expectStoredServers, type Transition } from './transition.ts';

/**
 * Returns the failure with the outcome of the restore in its message. Returns an error that is not an `ActionError` as
 * it is.
 */
export function addOutcome<Failure>(failure: Failure, outcome: string): Failure | ActionError {
  if (!isActionError(failure)) return failure;
  const { code, message, reason, hint, details, cause } = failure;
  const fields = { hint, details, cause, ...(reason === undefined ? {} : { reason }) };
  return new ActionError(code, `${message}; ${outcome}`, fields);
}

/** The time in milliseconds for a restart with its lame duck phase, and for JetStream to catch up afterwards. */
const BUDGET_MS = 120_000;

/** The state before the failed state was applied. */
export type StateBefore = {
  /** The objects that were written, as they were before. */
  readonly overwritten: readonly KubernetesObject[];
  /** The state that was verified before; undefined if an earlier run applied it. */
  readonly desired: Desired | undefined;
};

/**
 * Restores the first server and the objects if a change failed before any other server was touched. A server that
 * restarts later then starts with the verified state. Returns the failure with the outcome.
 */
export async function giveBackAfter(
  run: Run<unknown>,
  transition: Transition,
  before: StateBefore,
  failure: unknown,
): Promise<unknown> {
  const { api, runner, diagnoser, stop } = run;
  if (!shouldGiveBack({ ...transition, stop }, before.overwritten.length, failure)) {
    return failure;
  }
  await diagnoser.diagnose(api, stop); // The restore removes the evidence.
  const pods = transition.trial.touched();
  runner.info(
    `failed at the first server, restoring the previous state${pods.length === 0 ? '' : `: ${pods.join(', ')}`}`,
  );
  const others = pods.length === 0 ? 'no server was touched' : 'no other server was touched';
  try {
    await giveBack(run, transition, before);
    const restored = pods.length === 0 ? 'the objects were restored' : `${pods.join(', ')} was restored`;
    return addOutcome(failure, `${restored}, ${others}`);
  } catch (error) {
    const reason = isActionError(error) ? `${error.code}: ${error.message}` : 'an unexpected error';
    return addOutcome(failure, `restoring the previous state failed as well (${reason}); ${others}`);
  }
}

/** The errors after which this run cannot write. */
const UNWRITABLE: readonly ErrorCode[] = ['LOCKED', 'CLUSTER_UNREACHABLE', 'UNAUTHENTICATED', 'NAMESPACE_MISSING'];

type FailedTransition = Pick<Transition, 'trial'> & {
  readonly spec: Pick<ClusterSpec, 'name' | 'replicas'>;
  readonly live: Pick<LiveState, 'statefulSet' | 'pods' | 'taken'>;
  /** The signal that ends the run at once. */
  readonly stop: AbortSignal;
};

/**
 * Checks whether the earlier state is to be restored. The servers must have been healthy before, no server but the
 * first may have been touched, and the run must not be about to stop.
 */
export function shouldGiveBack(
  { spec, live, trial, stop }: FailedTransition,
  overwritten: number,
  failure: unknown,
): boolean {
  const { statefulSet, pods } = live;
  const servers = pods.filter(({ name }) => parsePodOrdinal(spec.name, name) !== undefined);
  const wereWell = servers.length === spec.replicas && servers.every(({ ready, terminating }) => ready && !terminating);
  return (
    overwritten > 0 &&
    !stop.aborted &&
    !(isActionError(failure) && UNWRITABLE.includes(failure.code)) &&
    !trial.isVerified() &&
    trial.touched().length < 2 &&
    live.taken.size === 0 &&
    statefulSet?.desiredReplicas === spec.replicas &&
    wereWell
  );
}

async function giveBack(run: Run<unknown>, transition: Transition, before: StateBefore): Promise<void> {
  const { api, stop } = run;
  const signal = AbortSignal.any([stop, AbortSignal.timeout(BUDGET_MS)]);
  for (const object of before.overwritten) {
    await restoreObject(api, object, signal);
  }
  if (transition.trial.touched().length === 0) return;
  const spec = buildSpecBefore(transition, before);
  const set = await new FollowedSet(api, spec, signal).waitUntilRead();
  try {
    const updateRevision = (): string => set.current().updateRevision;
    await removeOutgrownPods(api, transition, updateRevision(), signal);
    const limited = { ...run, signal };
    await passMeshGate(limited, buildGateBefore(limited, { ...transition, spec }, before, updateRevision));
  } finally {
    await set.close();
  }
}

async function restoreObject(api: KubernetesApi, object: KubernetesObject, signal: AbortSignal): Promise<void> {
  const manifest = selectAppliedPart(object, FIELD_MANAGER);
  const { kind, metadata } = object;
  if (manifest === undefined || !isResourceKind(kind)) {
    return; // This Action did not own the object before.
  }
  const { name, namespace } = metadata;
  const writing = { api, ref: { kind, name, ...(namespace === undefined ? {} : { namespace }) }, signal };
  await writeOnVersion(writing, await readVersion(writing), async (precondition) => {
    // The apply is forced, because this run may just have taken fields from other managers.
    return await api.apply(manifest, { fieldManager: FIELD_MANAGER, force: true, ...precondition }, signal);
  });
}

/**
 * Removes the touched pods that do not have the restored template. Kubernetes 1.35 and newer waits forever for such a
 * pod if it is not Ready.
 */
async function removeOutgrownPods(
  api: KubernetesApi,
  { spec, trial }: Transition,
  revision: string,
  signal: AbortSignal,
): Promise<void> {
  const selection = { namespace: spec.namespace, labelSelector: labelSelector(spec.name) };
  const { objects } = await api.list('Pod', selection, signal);
  const pods = objects.map(decodePod).filter(({ name }) => trial.touched().includes(name));
  for (const { name, namespace, uid } of pods.filter(({ controllerRevision }) => controllerRevision !== revision)) {
    await api.remove({ kind: 'Pod', name, namespace }, { uid }, signal);
  }
}

function buildSpecBefore({ spec, live }: Transition, { desired }: StateBefore): ClusterSpec {
  const { settings, configuration } = live.stored;
  if (desired !== undefined || settings === undefined) {
    return spec;
  }
  const known = {
    ...buildSpec(readDeployInputs(settings, new Map()), spec.namespace, live.image),
    name: spec.name,
  };
  const kept = parseStoredConfiguration(configuration);
  const { system } = live.stored;
  return kept === undefined || system === undefined
    ? known
    : addConfigurationToSpec(known, { configuration: kept, system });
}

/**
 * Builds the gate for the earlier state. It reloads or restarts every server until the server has the earlier revision
 * and certificate.
 */
function buildGateBefore(
  run: Run<unknown>,
  transition: Transition,
  { desired }: StateBefore,
  updateRevision: () => string,
): Gate {
  const { desired: failed } = transition;
  const known = expectServers(run, { ...transition, desired: desired ?? failed }, updateRevision);
  const servers = desired === undefined ? expectStoredServers(known, transition) : known;
  const trust = `${servers.access.trust}${failed.issued.certificates.clientTrust}`;
  const reload: ReloadReaction = {
    trial: new Trial(() => performance.now()),
    verifyFirst: async () => {},
    verify: async () => {},
    isVolumeCurrent: async () => false,
    isNewState: true,
    disconnected: 'its previous state is restored',
    info: run.runner.info,
    redact: run.diagnoser.redact,
  };
  return { expected: servers.expected, access: { ...servers.access, trust }, reactions: { reload } };
}
