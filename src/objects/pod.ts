import { SERVER_CONTAINER } from '../cluster/names.ts';
import { markForeignText } from '../secrets/likely-secrets.ts';
import { integerOf, type JsonRecord, recordOf, recordsOf, textOf } from './json.ts';
import { identityOf, type KubernetesObject } from './object.ts';

/**
 * A message of a component about an object (Kubernetes API reference, core/v1 Event; both its old and its new fields).
 */
export type Event = {
  readonly uid: string;
  /** `Normal` or `Warning`. */
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly object: { readonly kind: string; readonly name: string; readonly uid: string };
  /** The number of occurrences. */
  readonly count: number;
  /** The time in RFC 3339, by the clock of the component that reported it. */
  readonly firstSeen: string | undefined;
  readonly lastSeen: string | undefined;
};

export function decodeEvent({ metadata, raw }: KubernetesObject): Event {
  const object = recordOf(raw['involvedObject']);
  const series = recordOf(raw['series']);
  return {
    uid: metadata.uid,
    type: textOf(raw['type']) ?? 'Normal',
    reason: textOf(raw['reason']) ?? '',
    message: markForeignText(textOf(raw['message']) ?? ''),
    object: {
      kind: textOf(object['kind']) ?? '',
      name: textOf(object['name']) ?? '',
      uid: textOf(object['uid']) ?? '',
    },
    count: Math.max(1, integerOf(series['count']) ?? integerOf(raw['count']) ?? 1),
    firstSeen: textOf(raw['firstTimestamp']) ?? textOf(raw['eventTime']) ?? metadata.creationTimestamp,
    lastSeen:
      textOf(series['lastObservedTime']) ??
      textOf(raw['lastTimestamp']) ??
      textOf(raw['eventTime']) ??
      metadata.creationTimestamp,
  };
}

export type ContainerState =
  | { readonly kind: 'waiting'; readonly reason: string; readonly message: string }
  | { readonly kind: 'running' }
  | { readonly kind: 'terminated'; readonly reason: string; readonly message: string; readonly exitCode: number }
  | { readonly kind: 'unknown' };

export type ContainerStatus = {
  readonly name: string;
  readonly image: string;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly state: ContainerState;
  /** The state in which the container's previous run ended. */
  readonly lastState: ContainerState;
};

export type PodCondition = {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
};

/** A pod with the fields that a rollout needs (Kubernetes API reference, core/v1 PodStatus). */
export type Pod = {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly phase: string;
  readonly ready: boolean;
  readonly terminating: boolean;
  readonly nodeName: string | undefined;
  readonly podIp: string | undefined;
  /** The label `controller-revision-hash`: the revision of the StatefulSet that created the pod. */
  readonly controllerRevision: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly conditions: readonly PodCondition[];
  /** The PodSpec as the API server stored it. */
  readonly spec: unknown;
  /** The containers in this order: the server, init containers, others. The kubelet sorts them by name instead. */
  readonly containers: readonly ContainerStatus[];
};

export function decodePod({ metadata, spec, status }: KubernetesObject): Pod {
  const state = recordOf(status);
  const conditions = recordsOf(state['conditions']).map((condition) => ({
    type: textOf(condition['type']) ?? '',
    status: textOf(condition['status']) ?? 'Unknown',
    reason: textOf(condition['reason']) ?? '',
    message: markForeignText(textOf(condition['message']) ?? ''),
  }));
  return {
    ...identityOf(metadata),
    phase: textOf(state['phase']) ?? 'Unknown',
    ready: conditions.some(({ type, status: value }) => type === 'Ready' && value === 'True'),
    terminating: metadata.deletionTimestamp !== undefined,
    nodeName: textOf(recordOf(spec)['nodeName']),
    podIp: textOf(state['podIP']),
    controllerRevision: metadata.labels['controller-revision-hash'],
    labels: metadata.labels,
    annotations: metadata.annotations,
    conditions,
    spec,
    containers: [...recordsOf(state['initContainerStatuses']), ...recordsOf(state['containerStatuses'])]
      .map(decodeContainer)
      .toSorted((left, right) => Number(right.name === SERVER_CONTAINER) - Number(left.name === SERVER_CONTAINER)),
  };
}

function decodeContainer(status: JsonRecord): ContainerStatus {
  return {
    name: textOf(status['name']) ?? '',
    image: textOf(status['image']) ?? '',
    ready: status['ready'] === true,
    restartCount: integerOf(status['restartCount']) ?? 0,
    state: decodeState(recordOf(status['state'])),
    lastState: decodeState(recordOf(status['lastState'])),
  };
}

function decodeState({ waiting, running, terminated }: JsonRecord): ContainerState {
  if (waiting !== undefined) return { kind: 'waiting', ...decodeReason(recordOf(waiting)) };
  if (running !== undefined) return { kind: 'running' };
  if (terminated === undefined) return { kind: 'unknown' };
  const end = recordOf(terminated);
  return { kind: 'terminated', ...decodeReason(end), exitCode: integerOf(end['exitCode']) ?? -1 };
}

function decodeReason(state: JsonRecord): { readonly reason: string; readonly message: string } {
  return { reason: textOf(state['reason']) ?? '', message: markForeignText(textOf(state['message']) ?? '') };
}
