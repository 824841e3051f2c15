import { parsePodOrdinal } from '../cluster/names.ts';
import { PROBE_HINT } from './container-causes.ts';
import { type Cause, type EventFacts, type Facts, type PodFacts, selectEvents, shorten } from './facts.ts';

/**
 * The time in milliseconds after which a node counts as NotReady. It is shorter if the node could be read, because its
 * kubelet was then asked as well.
 */
const NODE_PATIENCE_MS = 1000;
const UNREAD_NODE_PATIENCE_MS = 2500;
/** A server listens within a second of its start; on a very busy node it takes longer. */
const PROBE_PATIENCE_MS = 15_000;

/**
 * Finds pods on nodes that do not respond. Kubernetes keeps such pods forever, because it cannot know that they ended.
 */
export function findNodeCauses(facts: Facts): readonly Cause[] {
  return facts.pods.flatMap((pod) => {
    const node = facts.nodes.find(({ name }) => name === pod.nodeName);
    const event = selectEvents(facts, 'Pod', pod).find(({ reason, fresh }) => reason === 'NodeNotReady' && fresh);
    if (pod.nodeName === undefined || pod.ready || (node === undefined ? event === undefined : node.ready)) {
      return [];
    }
    return {
      code: 'ROLLOUT_STALLED',
      reason: 'NodeLost',
      object: `Pod/${pod.name}`,
      message: `pod ${pod.name} is on node ${pod.nodeName}, which is not Ready${pod.terminating ? '; it cannot terminate there' : ''}`,
      evidence: event === undefined ? [] : [renderEvent(pod.name, event)],
      hint: `Bring ${pod.nodeName} back; or, if it will not come back, free its pods with \`kubectl delete node ${pod.nodeName}\`; then run the job again.`,
      fatal: true,
      patienceMs: node === undefined ? UNREAD_NODE_PATIENCE_MS : NODE_PATIENCE_MS,
    } satisfies Cause;
  });
}

/** Finds running servers that do not answer their probes. */
export function findProbeCauses(facts: Facts): readonly Cause[] {
  return facts.pods.flatMap((pod) => {
    const isRunning = pod.containers.some(
      ({ state, ready, lastState }) => state.kind === 'running' && !ready && lastState.kind !== 'terminated',
    );
    const failed = selectEvents(facts, 'Pod', pod).findLast(({ reason }) => reason === 'Unhealthy');
    if (!isRunning || pod.terminating || failed === undefined) {
      return [];
    }
    // A server that answers 503 is running but not ready; `findHealthCauses` finds the reason once the log was read.
    const isSilent = !/statuscode: 5\d\d/.test(failed.message);
    return {
      code: 'ROLLOUT_STALLED',
      reason: 'ProbeFailed',
      object: `Pod/${pod.name}`,
      message: `pod ${pod.name} runs but is not ready: ${shorten(failed.message)}`,
      evidence: [renderEvent(pod.name, failed)],
      hint: isSilent
        ? PROBE_HINT
        : `Read the reason in the log of the server: \`kubectl logs ${pod.name} --namespace ${facts.namespace}\``,
      fatal: isSilent && failed.fresh,
      patienceMs: PROBE_PATIENCE_MS,
    } satisfies Cause;
  });
}

/** Finds evicted pods; the StatefulSet creates new ones. */
export function findEvictionCauses(facts: Facts): readonly Cause[] {
  return facts.pods.flatMap((pod) => {
    const disrupted = pod.conditions.find(({ type, status }) => type === 'DisruptionTarget' && status === 'True');
    const event = selectEvents(facts, 'Pod', pod).findLast(({ reason }) => ['Evicted', 'Preempted'].includes(reason));
    const why = disrupted?.message || event?.message;
    return why === undefined
      ? []
      : ({
          code: 'ROLLOUT_STALLED',
          reason: 'Evicted',
          object: `Pod/${pod.name}`,
          message: `pod ${pod.name} was evicted from its node: ${shorten(why)}`,
          evidence: event === undefined ? [`${pod.name}: ${disrupted?.reason}`] : [renderEvent(pod.name, event)],
          hint: 'Set requests that cover the use of the servers (input `resources`), and add nodes with capacity.',
          fatal: false,
          patienceMs: 0,
        } satisfies Cause);
  });
}

/**
 * Finds pods of an older template that are not ready. From 1.35 on, Kubernetes waits for them before it replaces any
 * pod.
 */
export function findOldRevisionCauses({ pods, statefulSet, namespace }: Facts): readonly Cause[] {
  const wanted = statefulSet?.updateRevision;
  return pods
    .filter(({ ready, terminating, controllerRevision }) => !ready && !terminating && controllerRevision !== wanted)
    .map(({ name, controllerRevision = 'unknown' }: PodFacts) => ({
      code: 'ROLLOUT_STALLED',
      reason: 'OldRevisionStuck',
      object: `Pod/${name}`,
      message: `pod ${name} is not ready and of revision ${controllerRevision}, expected ${wanted ?? 'unknown'}`,
      evidence: [],
      hint: `Run \`kubectl delete pod ${name} --namespace ${namespace}\`; running the job again does the same.`,
      fatal: false,
      patienceMs: 0,
    }));
}

function renderEvent(pod: string, { reason, count, message }: EventFacts): string {
  return `${pod}: ${reason} (${count} ×): ${shorten(message)}`;
}

/** A StatefulSet whose replicas are lowered deletes the surplus pods at once. */
const SURPLUS_PATIENCE_MS = 5000;

/** Checks whether a pod exceeds the wanted number of servers. A surplus pod that does not run is not a problem. */
export function isSurplus({ name, replicas }: Facts, pod: PodFacts): boolean {
  const ordinal = parsePodOrdinal(name, pod.name);
  return replicas !== undefined && ordinal !== undefined && ordinal >= replicas;
}

/** Finds surplus pods: the StatefulSet was scaled up while the run waited for it. */
export function findSurplusCauses(facts: Facts): readonly Cause[] {
  const { name, namespace, replicas } = facts;
  return facts.pods
    .filter((pod) => isSurplus(facts, pod) && !pod.terminating)
    .map((pod) => ({
      code: 'ROLLOUT_STALLED',
      reason: 'Rescaled',
      object: `Pod/${pod.name}`,
      message: `pod ${pod.name} exists, expected ${replicas} servers: the StatefulSet ${name} was scaled up during this run`,
      evidence: [],
      hint: `Run \`kubectl scale statefulset ${name} --replicas=${replicas} --namespace ${namespace}\`, or set \`replicas\` to the number that you want; then run the job again.`,
      fatal: true,
      patienceMs: SURPLUS_PATIENCE_MS,
    }));
}
