/**
 * What was seen of a deployment, as plain data. The shapes fit the decoded objects of the API server, of which they
 * are the part that tells of a cause.
 */
export type Facts = {
  readonly name: string;
  readonly namespace: string;
  /** How many servers there are to be; undefined when nobody said. */
  readonly replicas: number | undefined;
  readonly pods: readonly PodFacts[];
  readonly events: readonly EventFacts[];
  readonly claims: readonly ClaimFacts[];
  /** Secrets of the deployment that kubelets looked for in vain, and that are not there now either. */
  readonly absentSecrets: readonly string[];
  /** Empty when nodes must not be read. */
  readonly nodes: readonly NodeFacts[];
  readonly statefulSet: StatefulSetFacts | undefined;
  readonly logs: readonly LogFacts[];
  /** The server behind an address that servers log: of its pod, and of its own Service. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Ordered pairs that lack routes; undefined when nobody counted, which then leaves every pair under suspicion. */
  readonly missingPairs: readonly ServerPair[] | undefined;
  /** What could not be read, and why. */
  readonly unread: readonly string[];
};

export type ServerPair = { readonly from: string; readonly to: string };

export type ContainerStateFacts =
  | { readonly kind: 'waiting'; readonly reason: string; readonly message: string }
  | { readonly kind: 'running' }
  | { readonly kind: 'terminated'; readonly reason: string; readonly message: string; readonly exitCode: number }
  | { readonly kind: 'unknown' };

export type ContainerFacts = {
  readonly name: string;
  readonly image: string;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly state: ContainerStateFacts;
  readonly lastState: ContainerStateFacts;
};

export type ConditionFacts = {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
};

export type PodFacts = {
  readonly name: string;
  readonly uid: string;
  readonly phase: string;
  readonly ready: boolean;
  readonly terminating: boolean;
  readonly nodeName: string | undefined;
  readonly podIp: string | undefined;
  readonly controllerRevision: string | undefined;
  readonly conditions: readonly ConditionFacts[];
  readonly containers: readonly ContainerFacts[];
};

export type EventFacts = {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly object: { readonly kind: string; readonly name: string; readonly uid: string };
  readonly count: number;
  /** RFC 3339. */
  readonly lastSeen: string | undefined;
  /** It happened, or happened again, since the run wrote what it waits for: what it tells of is not long healed. */
  readonly fresh: boolean;
};

export type ClaimFacts = {
  readonly name: string;
  readonly uid: string;
  readonly phase: string;
  /** Undefined: the default class, where there is one; empty: a volume made by hand. */
  readonly storageClass: string | undefined;
};

export type NodeFacts = {
  readonly name: string;
  /** Or not known to be, while its kubelet answers: the API server has only not heard of it yet. */
  readonly ready: boolean;
  /** By a taint that Kubernetes neither sets nor takes away by itself. */
  readonly repels: boolean;
  readonly labels: Readonly<Record<string, string>>;
};

export type StatefulSetFacts = {
  readonly name: string;
  readonly desiredReplicas: number;
  readonly readyReplicas: number;
  readonly currentRevision: string | undefined;
  readonly updateRevision: string | undefined;
};

export type LogFacts = {
  readonly pod: string;
  readonly container: string;
  readonly run: 'current' | 'previous';
  readonly lines: readonly string[];
  /** Lines from this index on were written since the last look. */
  readonly freshFrom: number;
};

/** Events of one object: of this very pod or claim, not of an earlier one of its name. */
export function eventsOf(
  { events }: Pick<Facts, 'events'>,
  kind: string,
  { uid }: { readonly uid: string },
): readonly EventFacts[] {
  return events.filter(({ object }) => object.kind === kind && object.uid === uid);
}

/** Facts of nothing but pods. */
export function factsOfPods({ name, namespace }: Pick<Facts, 'name' | 'namespace'>, pods: readonly PodFacts[]): Facts {
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
