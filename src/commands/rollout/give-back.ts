import { configurationSecretName, labelSelector, podOrdinal } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { selectAppliedPart } from '../../drift/applied-part.ts';
import { ActionError, type ErrorCode, isActionError } from '../../errors/action-error.ts';
import { deployInputsFrom } from '../../inputs/settings.ts';
import { isResourceKind } from '../../kubernetes/resources.ts';
import { secretKeys } from '../../manifests/material.ts';
import type { KubernetesObject } from '../../objects/object.ts';
import { decodePod } from '../../objects/pod.ts';
import { parseCertificates } from '../../pki/certificate.ts';
import { buildSpec } from '../desired/deployment.ts';
import type { Desired } from '../desired/desired.ts';
import { addConfigurationToSpec, parseStoredConfiguration } from '../desired/user-configuration.ts';
import { type GateTerms, passMeshGate } from '../gate/mesh-gate.ts';
import { FIELD_MANAGER, readVersion, writeOnVersion } from '../live/applier.ts';
import { createTrial } from '../reload/trial.ts';
import { observationOf, type StateTerms } from './rolling.ts';
import { followStatefulSet } from './rollout.ts';

/**
 * Returns the failure with the outcome of undoing its cause. Returns an error that is not an `ActionError` as it is.
 */
export function withOutcome<Failure>(failure: Failure, outcome: string): Failure | ActionError {
  if (!isActionError(failure)) return failure;
  const { code, message, reason, hint, details, cause } = failure;
  const fields = { hint, details, cause, ...(reason === undefined ? {} : { reason }) };
  return new ActionError(code, `${message}; ${outcome}`, fields);
}

/** The time in milliseconds for a restart with its lame duck phase, and for JetStream to catch up afterwards. */
const BUDGET_MS = 120_000;

/** The state before the failed state was applied. */
export type Before = {
  /** The objects that were written, as they were before. */
  readonly overwritten: readonly KubernetesObject[];
  /** The state that was verified before; undefined if an earlier run applied it. */
  readonly desired: Desired | undefined;
};

/**
 * Restores the first server and the objects if a change failed before any other server was touched. A server that
 * restarts later then starts with the verified state. Returns the failure with the outcome.
 */
export async function givenBack(
  terms: StateTerms,
  failed: Desired,
  before: Before,
  failure: unknown,
): Promise<unknown> {
  const { api, runner, stop } = terms;
  if (!isToGiveBack(terms, before.overwritten.length, failure)) {
    return failure;
  }
  await terms.diagnoser.diagnose(api, stop); // The restore removes the evidence.
  const pods = terms.trial.touched();
  runner.info(
    `failed at the first server, giving back what was there before${pods.length === 0 ? '' : `: ${pods.join(', ')}`}`,
  );
  const others = pods.length === 0 ? 'no server was touched' : 'no other server was touched';
  try {
    await giveBack(terms, failed, before);
    const what = pods.length === 0 ? 'the objects are as they were' : `${pods.join(', ')} has back what it had`;
    return withOutcome(failure, `${what}, ${others}`);
  } catch (error) {
    const reason = isActionError(error) ? `${error.code}: ${error.message}` : 'an unexpected error';
    return withOutcome(failure, `giving back what was there before failed as well (${reason}); ${others}`);
  }
}

/** The errors after which this run cannot write. */
const UNWRITABLE: readonly ErrorCode[] = ['LOCKED', 'CLUSTER_UNREACHABLE', 'UNAUTHENTICATED', 'NAMESPACE_MISSING'];

type Ground = Pick<StateTerms, 'trial' | 'stop'> & {
  readonly spec: Pick<ClusterSpec, 'name' | 'replicas'>;
  readonly live: Pick<StateTerms['live'], 'statefulSet' | 'pods' | 'taken'>;
};

/**
 * Checks whether the earlier state is to be restored. The servers must have been healthy before, no server but the
 * first may have been touched, and the run must not be about to stop.
 */
export function isToGiveBack({ spec, live, trial, stop }: Ground, overwritten: number, failure: unknown): boolean {
  const { statefulSet, pods } = live;
  const servers = pods.filter(({ name }) => podOrdinal(spec.name, name) !== undefined);
  const wereWell = servers.length === spec.replicas && servers.every(({ ready, terminating }) => ready && !terminating);
  return (
    overwritten > 0 &&
    !stop.aborted &&
    !(isActionError(failure) && UNWRITABLE.includes(failure.code)) &&
    !trial.isHeld() &&
    trial.touched().length < 2 &&
    live.taken.size === 0 &&
    statefulSet?.desiredReplicas === spec.replicas &&
    wereWell
  );
}

async function giveBack(terms: StateTerms, failed: Desired, before: Before): Promise<void> {
  const { api, stop, trial } = terms;
  const signal = AbortSignal.any([stop, AbortSignal.timeout(BUDGET_MS)]);
  for (const object of before.overwritten) {
    await restoreObject(terms, object, signal);
  }
  if (trial.touched().length === 0) {
    return;
  }
  const spec = specBefore(terms, before);
  const set = await followStatefulSet(api, spec, signal);
  try {
    const updateRevision = (): string => set.current().updateRevision;
    await removeOutgrownPods(terms, updateRevision(), signal);
    await passMeshGate(gateBefore({ ...terms, spec, signal }, failed, before, updateRevision));
  } finally {
    await set.close();
  }
}

async function restoreObject({ api }: StateTerms, object: KubernetesObject, signal: AbortSignal): Promise<void> {
  const manifest = selectAppliedPart(object, FIELD_MANAGER);
  const { kind, metadata } = object;
  if (manifest === undefined || !isResourceKind(kind)) {
    return; // This Action did not own the object before.
  }
  const { name, namespace } = metadata;
  const writing = { api, ref: { kind, name, ...(namespace === undefined ? {} : { namespace }) }, signal };
  await writeOnVersion(writing, await readVersion(writing), async (precondition) => {
    // This run took the fields a moment ago, from every manager that held some of them.
    return await api.apply(manifest, { fieldManager: FIELD_MANAGER, force: true, ...precondition }, signal);
  });
}

/**
 * Removes the touched pods of another template. Kubernetes from 1.35 on waits for such a pod forever while it is not
 * Ready.
 */
async function removeOutgrownPods({ api, spec, trial }: StateTerms, revision: string, signal: AbortSignal) {
  const selection = { namespace: spec.namespace, labelSelector: labelSelector(spec.name) };
  const { objects } = await api.list('Pod', selection, signal);
  const pods = objects.map(decodePod).filter(({ name }) => trial.touched().includes(name));
  for (const { name, namespace, uid } of pods.filter(({ controllerRevision }) => controllerRevision !== revision)) {
    await api.remove({ kind: 'Pod', name, namespace }, { uid }, signal);
  }
}

function specBefore({ spec, live }: StateTerms, { desired }: Before): ClusterSpec {
  const { settings, configuration } = live.stored;
  if (desired !== undefined || settings === undefined) {
    return spec;
  }
  const known = {
    ...buildSpec(deployInputsFrom(settings, new Map()), spec.namespace, live.image),
    name: spec.name,
  };
  const kept = parseStoredConfiguration(configuration);
  const { system } = live.stored;
  return kept === undefined || system === undefined
    ? known
    : addConfigurationToSpec(known, { configuration: kept, system });
}

/**
 * Returns the terms of the gate for the earlier state: the servers of that revision and certificate, each reloaded or
 * restarted to it.
 */
function gateBefore(terms: StateTerms, failed: Desired, { desired }: Before, updateRevision: () => string): GateTerms {
  const { live, runner, spec } = terms;
  const observation = observationOf(terms, desired ?? failed, updateRevision);
  const { system, server } = live.stored;
  const configuration = live.secrets.find(({ name }) => name === configurationSecretName(spec.name, 0));
  const [, revision = observation.revision] =
    /"rev:([0-9a-f]+)"/.exec(configuration?.data[secretKeys.configuration] ?? '') ?? [];
  const [leaf] = server === undefined ? [] : parseCertificates(server.certificate, 'tls.crt');
  const isByJwt = observation.system.jwt !== undefined;
  const stored = {
    revision,
    fingerprint: leaf?.fingerprint256 ?? observation.fingerprint,
    system: isByJwt || system === undefined ? observation.system : system,
  };
  return {
    ...observation,
    ...(desired === undefined ? stored : {}),
    trust: `${observation.trust}${failed.issued.certificates.clientTrust}`,
    reload: {
      trial: createTrial(() => performance.now()),
      proveFirst: async () => {},
      prove: async () => {},
      isVolumeCurrent: async () => false,
      isNews: true,
      disconnected: 'what it had is given back',
      info: runner.info,
    },
  };
}
