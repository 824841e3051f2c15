import { type Cause, type Facts, type NodeFacts, type PodFacts, selectEvents, shorten } from './facts.ts';

/** The message of a scheduler plugin about a group of nodes, for example `5 Insufficient cpu`. */
type Predicate = { readonly nodes: number; readonly text: string };

type Fault = { readonly pattern: RegExp; readonly reason: string; readonly hint: string; readonly mayRecover?: true };

const NODES_NOT_READY: Omit<Fault, 'pattern'> = {
  reason: 'NodesNotReady',
  hint: 'Bring the nodes back (`kubectl get nodes`), then run the job again.',
};

const FAULTS: readonly Fault[] = [
  {
    pattern: /anti-affinity/,
    reason: 'AntiAffinity',
    hint: 'Add nodes, lower `replicas`, or set `anti-affinity: preferred`, which lets servers share a node.',
  },
  {
    pattern: /Insufficient |Too many pods/,
    reason: 'InsufficientResources',
    hint: 'Lower the requests in the input `resources`, or add nodes with capacity.',
  },
  {
    pattern: /untolerated taint|were unschedulable/,
    reason: 'UntoleratedTaint',
    hint: 'Remove the taint or uncordon the nodes (`kubectl uncordon`), add a toleration with `overrides`, or add nodes.',
  },
  {
    pattern: /volume node affinity|available persistent volumes/,
    reason: 'VolumeElsewhere',
    hint: 'Look at the claims (`kubectl get pvc`): each volume must be reachable from a node that has capacity for its server.',
  },
  {
    pattern: /PersistentVolumeClaims|persistentvolumeclaim/,
    reason: 'VolumeUnbound',
    hint: 'Look at the claims (`kubectl describe pvc`): their volumes are still being created.',
    mayRecover: true, // The events of the claim state why its volume is not created.
  },
  {
    pattern: /affinity\/selector/,
    reason: 'NodeSelector',
    hint: 'Give nodes the labels that the pod template requires, or correct the selector or affinity in `overrides`.',
  },
  {
    pattern: /topology spread/,
    reason: 'TopologySpread',
    hint: 'Add nodes in the zones that lack them, or relax the constraint in `overrides`.',
  },
];

const OTHER: Omit<Fault, 'pattern'> = {
  reason: 'Unschedulable',
  hint: 'Read the reason that the scheduler gives for each node, and free capacity for the pod.',
};

/** The labels of node pools that an autoscaler may enlarge. An autoscaler announces this with a delay. */
const NODE_POOLS: readonly string[] = [
  'karpenter.sh/nodepool',
  'cloud.google.com/gke-nodepool',
  'eks.amazonaws.com/nodegroup',
  'kubernetes.azure.com/agentpool',
];

const PATIENCE_MS = 1800;
const AUTOSCALER_PATIENCE_MS = 30_000;
/**
 * The time in milliseconds in which the scheduler considers nodes again that are back. After an outage of the API
 * server of 6 s this took 42 to 64 s (1.36, measured), because every client waits longer after each failure, up to half
 * a minute.
 */
const RETURN_PATIENCE_MS = 90_000;

/** The events that announce a new node (cluster-autoscaler, Karpenter). */
const COMING: readonly string[] = ['TriggeredScaleUp', 'Nominated'];

/** Finds pods that the scheduler cannot place on a node. */
export function findSchedulingCauses(facts: Facts): readonly Cause[] {
  const isMakingRoom = facts.pods.some(({ terminating }) => terminating);
  return facts.pods.flatMap((pod) => {
    const refused = pod.conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
    // A verdict has the reason `Unschedulable`; `SchedulerError` is a failed attempt that is repeated.
    if (refused?.reason !== 'Unschedulable' || pod.terminating) {
      return [];
    }
    const predicates = parsePredicates(refused.message);
    const { reason, hint, mayRecover = false } = matchFault(predicates, facts.nodes);
    const scaleEvents = selectEvents(facts, 'Pod', pod).filter((event) => /scale|Nominated/i.test(event.reason));
    const isComing = scaleEvents.some((event) => COMING.includes(event.reason));
    const why = predicates.map(({ nodes, text }) => (nodes === 0 ? text : `${nodes} ${text}`)).join('; ');
    return {
      code: 'ROLLOUT_STALLED',
      reason,
      object: `Pod/${pod.name}`,
      message: `pod ${pod.name} cannot be scheduled: ${why || shorten(refused.message)}`,
      evidence: [
        `${pod.name}: ${refused.reason}: ${shorten(refused.message)}`,
        ...scaleEvents.map((event) => `${pod.name}: ${event.reason}: ${shorten(event.message)}`),
      ],
      hint,
      fatal: !isComing && !isMakingRoom && !mayRecover,
      patienceMs: selectPatienceMs(facts, pod, { reason, message: refused.message }),
    } satisfies Cause;
  });
}

function matchFault(predicates: readonly Predicate[], nodes: readonly NodeFacts[]): Omit<Fault, 'pattern'> {
  if (predicates.some((predicate) => isOfNodesNotReady(predicate, nodes))) return NODES_NOT_READY;
  return FAULTS.find(({ pattern }) => predicates.some(({ text }) => pattern.test(text))) ?? OTHER;
}

/**
 * Checks whether a message is about taints that Kubernetes itself sets and removes, for example on a node that the API
 * server lost contact with. The scheduler of 1.36 names no taint (`tainttoleration.Filter`). Its message is about such
 * a taint if it counts more nodes than have any other taint.
 */
function isOfNodesNotReady({ text, nodes: repelling }: Predicate, nodes: readonly NodeFacts[]): boolean {
  const isNamed = /untolerated taint.{0,900}node\.kubernetes\.io\/(?:not-ready|unreachable|network-unavailable)/.test(
    text,
  );
  return isNamed || (isUnnamed(text) && nodes.length > 0 && nodes.filter(({ repels }) => repels).length < repelling);
}

function isUnnamed(text: string): boolean {
  return text.includes('untolerated taint(s)');
}

/** Returns the time until it is certain that no capacity is freed: no preemption, no autoscaler, no booting node. */
function selectPatienceMs(
  facts: Facts,
  pod: PodFacts,
  { reason, message }: { readonly reason: string; readonly message: string },
): number {
  if (selectEvents(facts, 'Pod', pod).some((event) => event.reason === 'NotTriggerScaleUp')) {
    return 0;
  }
  const isPreempting = /preemption/.test(message) && !/not helpful|No preemption victims|not eligible/.test(message);
  const isPooled = facts.nodes.some(({ labels }) => NODE_POOLS.some((label) => labels[label] !== undefined));
  const isReturning = reason === NODES_NOT_READY.reason || (isUnnamed(message) && facts.nodes.length === 0);
  if (isReturning) return RETURN_PATIENCE_MS;
  return isPreempting || isPooled ? AUTOSCALER_PATIENCE_MS : PATIENCE_MS;
}

/**
 * Parses a message like `0/5 nodes are available: 2 Insufficient cpu, 3 node(s) had untolerated taint {a: b}.
 * preemption: …` (kubernetes `pkg/scheduler/framework/types.go`, `FitError.Error`).
 */
function parsePredicates(message: string): readonly Predicate[] {
  const [, list = ''] = /nodes are available: (.*)$/s.exec(message) ?? [];
  const [verdicts = ''] = list.split(/\. (?=no new claims|preemption:|not found|$)|\.$/);
  return verdicts
    .split(/, (?=\d+ )/)
    .map((part) => /^(?:(\d+) )?(.*)$/s.exec(part.trim()))
    .flatMap((found) => (found?.[2] ? [{ nodes: Number(found[1] ?? 0), text: shorten(found[2]) }] : []));
}
