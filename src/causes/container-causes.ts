import { SERVER_CONTAINER } from '../cluster/names.ts';
import type { ContainerState, ContainerStatus } from '../objects/pod.ts';
import { type Cause, type Facts, type PodFacts, selectEvents, shorten } from './facts.ts';
import { explainServerExit, type ServerExit } from './server-log.ts';

type Terminated = Extract<ContainerState, { readonly kind: 'terminated' }>;

/**
 * The waiting reasons of a container that the kubelet could not create or start (kubernetes `pkg/kubelet/kuberuntime`).
 */
const START_STATES: readonly string[] = ['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError'];

const LAST_LINES = 12;

const NO_HINT = 'Read the last lines of its log; correct the problem that they name, then run the job again.';
const OTHER_HINT = 'Correct this container in `overrides` according to its message, then run the job again.';

/** Finds containers that cannot be created, and containers that exit. */
export function findContainerCauses(facts: Facts): readonly Cause[] {
  return facts.pods.flatMap((pod) =>
    pod.terminating
      ? []
      : pod.containers.flatMap(
          (container) => findRefusedStart(pod, container) ?? findCrash(facts, pod, container) ?? [],
        ),
  );
}

function findRefusedStart({ name }: PodFacts, container: ContainerStatus): Cause | undefined {
  const { state, image } = container;
  if (state.kind !== 'waiting' || !START_STATES.includes(state.reason)) {
    return undefined;
  }
  const exit = explainServerExit([state.message]);
  const says = exit?.says ?? shorten(state.message || `the kubelet does not say why; image ${image}`);
  return {
    code: 'ROLLOUT_STALLED',
    reason: exit?.reason ?? state.reason,
    object: `Pod/${name}`,
    message: `pod ${name}: ${isServer(container) ? 'its container' : `container ${container.name}`} cannot be started: ${says}`,
    evidence: [`${name}: ${state.reason}: ${shorten(state.message)}`],
    hint: exit === undefined ? selectStartHint(state.message) : isServer(container) ? exit.hint : OTHER_HINT,
    // A busy container runtime also reports RunContainerError, but an error about the program itself is permanent.
    fatal: state.reason !== 'RunContainerError' || exit !== undefined,
    patienceMs: 0,
  };
}

function selectStartHint(message: string): string {
  if (/runAsNonRoot/.test(message)) {
    return 'Set `security-context: restricted`, which gives the server its own user id; or choose an image with a user other than root.';
  }
  if (/(?:secret|configmap) "[^"]+" not found|couldn't find key/.test(message)) {
    return 'Create the object or key named above, then run the job again. The job writes the objects of this deployment itself.';
  }
  return 'Read the message: an object that the pod needs is missing or refused. Correct it, then run the job again.';
}

/** The state of a container that the runtime removed before it was observed. */
const FORGOTTEN: Terminated = { kind: 'terminated', reason: '', message: '', exitCode: -1 };

function isTerminated(state: ContainerState): state is Terminated {
  return state.kind === 'terminated';
}

function findCrash(facts: Facts, pod: PodFacts, container: ContainerStatus): Cause | undefined {
  const { state, lastState, restartCount } = container;
  const isBackingOff = state.kind === 'waiting' && state.reason === 'CrashLoopBackOff';
  const end = [state, lastState].find(isTerminated) ?? (isBackingOff ? FORGOTTEN : undefined);
  if (end === undefined || container.ready) {
    return undefined; // A ready container is a completed init container or a server that recovered.
  }
  const output = readLastOutput(facts, pod, container, end);
  const exit = explainExit(facts, { pod, container }, end, output);
  const lines = output.slice(-LAST_LINES);
  // An unknown flag is followed by a page of usage text.
  const shown = exit === undefined || lines.some((line) => line.trim() === exit.line) ? lines : [exit.line, ...lines];
  const times = restartCount > 0 ? `, ${restartCount} restarts` : '';
  const how =
    end === FORGOTTEN ? `back-off${times}` : `${end.reason || 'ended'} with exit code ${end.exitCode}${times}`;
  return {
    code: exit?.code ?? 'ROLLOUT_STALLED',
    reason: exit?.reason ?? (isBackingOff ? 'CrashLoopBackOff' : 'ContainerEnded'),
    object: `Pod/${pod.name}`,
    message: `pod ${pod.name}: ${container.name} does not keep running (${how}): ${exit?.says ?? shorten(lines.at(-1) ?? 'no log output')}`,
    evidence: shown.filter((line) => line !== '').map((line) => `${pod.name}: ${shorten(line)}`),
    hint: exit?.hint ?? (isServer(container) ? NO_HINT : OTHER_HINT),
    // A container that runs again may have found a resource that was missing. The kubelet reports another termination
    // only for init containers.
    fatal:
      isBackingOff || (isTerminated(state) && restartCount > 0) || (state.kind !== 'running' && exit?.certain === true),
    patienceMs: 0,
  };
}

/** Checks whether a container is the server. Other containers come from overrides, or export metrics. */
function isServer({ name }: ContainerStatus): boolean {
  return name === SERVER_CONTAINER;
}

/**
 * Returns the last output of a container. The pod status contains it after a non-zero exit code; the log of that run
 * always contains it.
 */
function readLastOutput(
  { logs }: Facts,
  { name }: PodFacts,
  container: ContainerStatus,
  { message }: Terminated,
): readonly string[] {
  const run = container.state.kind === 'running' ? 'previous' : 'current';
  const own = logs.filter((log) => log.pod === name && log.container === container.name);
  const log = own.find((candidate) => candidate.run === run) ?? own[0];
  const output = message.trim() === '' ? (log?.lines ?? []) : message.split('\n');
  return output.filter((line) => line.trim() !== '');
}

type ContainerOfPod = { readonly pod: PodFacts; readonly container: ContainerStatus };

function explainExit(
  facts: Facts,
  { pod, container }: ContainerOfPod,
  end: Terminated,
  lines: readonly string[],
): ServerExit | undefined {
  const common = { code: 'ROLLOUT_STALLED', certain: false, line: '' } as const;
  if (end.reason === 'OOMKilled') {
    const says = 'it was killed for using more memory than its limit';
    return { ...common, reason: 'OOMKilled', says, hint: 'Raise `limits.memory` in the input `resources`.' };
  }
  const killed = selectEvents(facts, 'Pod', pod).find(
    ({ reason, message }) => reason === 'Killing' && /failed (?:liveness|startup) probe/.test(message),
  );
  const probe = selectEvents(facts, 'Pod', pod).findLast(({ reason }) => reason === 'Unhealthy');
  // An exit message of another program that looks like one of nats-server is not about the server configuration.
  const exit = isServer(container) ? explainServerExit(lines) : undefined;
  if (exit === undefined && killed !== undefined) {
    const says = `the kubelet restarted it: ${shorten((probe ?? killed).message)}`;
    return { ...common, reason: 'ProbeFailed', says, hint: PROBE_HINT };
  }
  return exit;
}

/** The hint for every failed probe. */
export const PROBE_HINT =
  'Let the kubelets reach port 8222 of the pods (NetworkPolicy, `http_port` in your own configuration), then run the job again.';
