import { randomBytes } from 'node:crypto';
import { FIELD_MANAGER, podName, SERVER_CONTAINER, selectByName } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { isActionError } from '../../errors/action-error.ts';
import { createInputError } from '../../inputs/grammar/violations.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import { buildCheckedSecret, buildCheckingPod } from '../../manifests/checking-pod.ts';
import { parseComplaints } from '../../nats/conf/settings/complaints.ts';
import { renderConfiguration } from '../../nats/conf/writer/write.ts';
import { decodePod, type Pod } from '../../objects/pod.ts';
import type { Run } from '../context/run.ts';
import { joinConfiguration } from '../desired/configuration.ts';
import { describePodState, findPodFailure } from '../pods/pods.ts';
import { type PlannedDeployment, selectConfigurationReader } from './accepted-configuration.ts';

/** The time in milliseconds that the pod may take, which includes an image pull. */
const PATIENCE_MS = 60_000;
const REMOVAL_MS = 2000;

type Checked =
  | { readonly kind: 'ended'; readonly exitCode: number; readonly output: string }
  | { readonly kind: 'not-run'; readonly because: string };

/**
 * Lets a pod with the new image or the new files read the user's configuration before any server is touched. If the pod
 * cannot run, errors in the configuration show only when the first server is replaced.
 * @throws ActionError INPUT_INVALID with the user's file and line, without a secret
 */
export async function requireConfigurationOfNewPods(
  { api, runner, signal }: Pick<Run<unknown>, 'api' | 'runner' | 'signal'>,
  { spec, live, credentials }: PlannedDeployment,
): Promise<void> {
  const { configuration } = credentials;
  const owner = live.statefulSet;
  if (
    configuration === undefined ||
    owner === undefined ||
    selectConfigurationReader(spec, live, credentials) !== 'new-pod'
  ) {
    return;
  }
  const joined = joinConfiguration(spec, credentials);
  const name = `${spec.name}-check-${randomBytes(3).toString('hex')}`;
  const checking = { name, as: podName(spec.name, 0), owner: { name: owner.name, uid: owner.uid } };
  const texts = { configuration: renderConfiguration(joined), files: credentials.files };
  const checked = await checkInPod(api, { spec, checking, texts }, signal);
  if (checked.kind === 'not-run') {
    runner.info(`configuration: not checked by a pod of ${spec.image}, because ${checked.because}`);
  } else if (checked.exitCode === 0) {
    runner.info(`configuration: ${spec.image} accepts it`);
  } else {
    throw createInputError(parseComplaints(runner.redact(checked.output), joined, configuration.input));
  }
}

type Reading = {
  readonly spec: ClusterSpec;
  readonly checking: Parameters<typeof buildCheckingPod>[1];
  readonly texts: Parameters<typeof buildCheckedSecret>[2];
};

async function checkInPod(
  api: KubernetesApi,
  { spec, checking, texts }: Reading,
  signal: AbortSignal,
): Promise<Checked> {
  const { name } = checking;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  let last: Pod | undefined;
  try {
    const { metadata } = await api.create(buildCheckingPod(spec, checking), { fieldManager: FIELD_MANAGER }, limit);
    await api.create(
      buildCheckedSecret(spec, { name, uid: metadata.uid }, texts),
      { fieldManager: FIELD_MANAGER },
      limit,
    );
    const selection = selectByName(name, spec.namespace);
    for await (const event of api.follow('Pod', selection, limit)) {
      const [object] = event.kind === 'listed' ? event.objects : [event.object];
      last = object === undefined ? last : decodePod(object);
      const ended = last === undefined ? undefined : determineResult(last);
      if (ended !== undefined) return ended;
    }
    return { kind: 'not-run', because: 'the pod was deleted' };
  } catch (error) {
    signal.throwIfAborted();
    if (limit.aborted) return { kind: 'not-run', because: `the pod takes too long (${describePodState(last)})` };
    if (isActionError(error) && ['FORBIDDEN', 'APPLY_REJECTED', 'APPLY_CONFLICT'].includes(error.code)) {
      return { kind: 'not-run', because: error.message }; // The check is optional.
    }
    throw error;
  } finally {
    await removePod(api, { kind: 'Pod', name, namespace: spec.namespace });
  }
}

/** Returns the result of the check; undefined while the pod runs. */
function determineResult(pod: Pod): Checked | undefined {
  const state = pod.containers.find(({ name }) => name === SERVER_CONTAINER)?.state;
  if (state?.kind === 'terminated' && ['Completed', 'Error'].includes(state.reason)) {
    return { kind: 'ended', exitCode: state.exitCode, output: state.message };
  }
  const isOver = pod.phase === 'Failed' || pod.terminating;
  const failure = findPodFailure(pod);
  if (!isOver && failure === undefined) return undefined;
  return { kind: 'not-run', because: failure?.message ?? describePodState(pod) };
}

/**
 * Removes the pod, even in a run that is cancelled. If the removal fails, the pod exits by itself and is deleted with
 * the StatefulSet.
 */
async function removePod(api: KubernetesApi, ref: Parameters<KubernetesApi['remove']>[0]): Promise<void> {
  try {
    await api.remove(ref, { gracePeriodSeconds: 0 }, AbortSignal.timeout(REMOVAL_MS));
  } catch {
    // The pod was never created, or the API server does not answer, which ends the run.
  }
}
