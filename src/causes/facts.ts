import type { ErrorCode } from '../errors/action-error.ts';
import type { ServerPair } from '../nats/mesh/observation.ts';
import type { Node } from '../objects/node.ts';
import type { Event, Pod } from '../objects/pod.ts';
import type { PersistentVolumeClaim, StatefulSet } from '../objects/stateful-set.ts';

export type CauseCode = Extract<ErrorCode, 'ROLLOUT_STALLED' | 'APPLY_REJECTED' | 'PKI_INVALID' | 'MESH_INCOMPLETE'>;

/** The reason why a deployment makes no progress. */
export type Cause = {
  readonly code: CauseCode;
  /** The reason in CamelCase, for example `ImageNotFound`. */
  readonly reason: string;
  /** The object, for example `Pod/nats-1` or `nats-0 → nats-1`. */
  readonly object: string;
  /** The problem, the place, the value and the expected value. */
  readonly message: string;
  /** The relevant lines of logs, events and statuses, as written. */
  readonly evidence: readonly string[];
  /** The next action. */
  readonly hint: string;
  /** Whether waiting cannot resolve the cause. */
  readonly fatal: boolean;
  /** The time in milliseconds for which the cause must be seen before it is certain. */
  readonly patienceMs: number;
};

const LINE_CHARS = 700;

/** Returns the text on one line, shortened to a length that a reader can take in. */
export function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= LINE_CHARS ? line : `${line.slice(0, LINE_CHARS - 1)}…`;
}

/**
 * The observed state of a deployment, as plain data. The shapes match the decoded objects of the API server, reduced to
 * the parts that show a cause.
 */
export type Facts = {
  readonly name: string;
  readonly namespace: string;
  /** The wanted number of servers; undefined when it is unknown. */
  readonly replicas: number | undefined;
  readonly pods: readonly PodFacts[];
  readonly events: readonly EventFacts[];
  readonly claims: readonly PersistentVolumeClaim[];
  /** The Secrets of the deployment that a kubelet did not find and that are still missing. */
  readonly absentSecrets: readonly string[];
  /** The nodes; empty when the credentials may not read nodes. */
  readonly nodes: readonly NodeFacts[];
  readonly statefulSet: StatefulSetFacts | undefined;
  readonly logs: readonly LogFacts[];
  /** The server for each address that servers log: the address of its pod and of its own Service. */
  readonly addresses: Readonly<Record<string, string>>;
  /** The ordered pairs that lack routes. Undefined when the routes were not counted; then every pair is suspected. */
  readonly missingPairs: readonly ServerPair[] | undefined;
  /** The parts that could not be read, each with the reason. */
  readonly unread: readonly string[];
};

export type PodFacts = Pick<
  Pod,
  | 'name'
  | 'uid'
  | 'phase'
  | 'ready'
  | 'terminating'
  | 'nodeName'
  | 'podIp'
  | 'controllerRevision'
  | 'conditions'
  | 'containers'
>;

export type EventFacts = Pick<Event, 'type' | 'reason' | 'message' | 'object' | 'count' | 'lastSeen'> & {
  /**
   * Whether the event happened or was repeated after this run wrote the objects that it waits for. The problem of an
   * older event may already be resolved.
   */
  readonly fresh: boolean;
};

/**
 * A node. It also counts as ready if its kubelet answers, because the API server may not know yet that the node is
 * back.
 */
export type NodeFacts = Pick<Node, 'name' | 'ready' | 'repels' | 'labels'>;

export type StatefulSetFacts = Pick<
  StatefulSet,
  'name' | 'desiredReplicas' | 'readyReplicas' | 'currentRevision' | 'updateRevision'
>;

export type LogFacts = {
  readonly pod: string;
  readonly container: string;
  readonly run: 'current' | 'previous';
  readonly lines: readonly string[];
  /** The index of the first line that was written since the last observation. */
  readonly freshFrom: number;
};

/** Returns the events of one object. The uid excludes events of an earlier pod or claim of the same name. */
export function selectEvents(
  { events }: Pick<Facts, 'events'>,
  kind: string,
  { uid }: { readonly uid: string },
): readonly EventFacts[] {
  return events.filter(({ object }) => object.kind === kind && object.uid === uid);
}

/** Returns facts that contain only pods. */
export function createPodFacts(
  { name, namespace }: Pick<Facts, 'name' | 'namespace'>,
  pods: readonly PodFacts[],
): Facts {
  const none = { events: [], claims: [], absentSecrets: [], nodes: [], logs: [], addresses: {}, unread: [] } as const;
  return {
    name,
    namespace,
    pods,
    ...none,
    replicas: undefined,
    statefulSet: undefined,
    missingPairs: undefined,
  };
}

/** Returns facts that may be shown. `redact` is applied to every text that other programs wrote. */
export function redactFacts(facts: Facts, redact: (text: string) => string): Facts {
  const safeState = <State extends { readonly kind: string }>(state: State): State =>
    'message' in state && typeof state.message === 'string' ? { ...state, message: redact(state.message) } : state;
  return {
    ...facts,
    pods: facts.pods.map((pod) => ({
      ...pod,
      conditions: pod.conditions.map((condition) => ({ ...condition, message: redact(condition.message) })),
      containers: pod.containers.map((container) => ({
        ...container,
        state: safeState(container.state),
        lastState: safeState(container.lastState),
      })),
    })),
    events: facts.events.map((event) => ({ ...event, message: redact(event.message) })),
    logs: facts.logs.map((log) => {
      // The lines are redacted as one text, because a key spans several lines. When redaction removes lines, the new
      // lines remain the last ones.
      const lines = redact(log.lines.join('\n')).split('\n');
      return { ...log, lines, freshFrom: Math.max(0, log.freshFrom - (log.lines.length - lines.length)) };
    }),
    unread: facts.unread.map((text) => redact(text)),
  };
}
