import type { LogFacts } from '../../causes/facts.ts';
import { clusterNames, selectByName } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { hasCode } from '../../errors/action-error.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import type { ResourceKind } from '../../kubernetes/resources.ts';
import { decodeNode, type Node } from '../../objects/node.ts';
import type { KubernetesObject } from '../../objects/object.ts';
import type { ContainerStatus, Pod } from '../../objects/pod.ts';

/** The limit for all reads, because the user waits for the end of the step. */
const READING_MS = 2500;
const ANSWER_MS = 1000;
/** The number of log lines to read. nats-server prints fewer lines of usage for an unknown flag. */
const LOG_LINES = 150;

export type ReaderAccess = {
  readonly api: Pick<KubernetesApi, 'list' | 'get' | 'podLog'>;
  readonly spec: Pick<ClusterSpec, 'name' | 'namespace' | 'replicas'>;
  /**
   * The signal that stops the reads. It is not the deadline of the wait, because a diagnosis may begin after that
   * deadline.
   */
  readonly signal: AbortSignal;
};

/** The nodes that need not be read again, and a callback for the nodes that were read. */
export type NodeLook = {
  /** The nodes that were Ready a moment ago and are not read again. */
  readonly knownNodes?: readonly Node[];
  /** Receives the nodes that were read. */
  readonly sawNodes?: (nodes: readonly Node[]) => void;
};

/** Reads within 2.5 s the facts that can be read, and records those that cannot. Throws nothing. */
export class FactReader {
  readonly #api: ReaderAccess['api'];
  readonly #namespace: string;
  readonly #name: string;
  readonly #signal: AbortSignal;
  readonly #unread = new Set<string>();

  constructor({ api, spec, signal }: ReaderAccess) {
    this.#api = api;
    this.#namespace = spec.namespace;
    this.#name = spec.name;
    this.#signal = AbortSignal.any([signal, AbortSignal.timeout(READING_MS)]);
  }

  async list(kind: ResourceKind, selector?: string): Promise<readonly KubernetesObject[]> {
    const place = kind === 'Node' ? {} : { namespace: this.#namespace };
    const labels = selector === undefined ? {} : { labelSelector: selector };
    const list = await this.#read(kind, async () => await this.#api.list(kind, { ...place, ...labels }, this.#signal));
    return list?.objects ?? [];
  }

  /**
   * Reads the nodes with these names, or all, except those that are known. Treats a node as Ready if the kubelet of one
   * of its pods answers: after an outage of the API server itself, such a node is NotReady for a while.
   */
  async nodes(
    wanted: 'all' | readonly string[],
    pods: readonly Pod[],
    { knownNodes = [], sawNodes }: NodeLook,
  ): Promise<readonly Node[]> {
    const known = wanted === 'all' ? [] : knownNodes.filter(({ name }) => wanted.includes(name));
    const objects = await (wanted === 'all'
      ? this.list('Node')
      : this.#nodesByName(wanted.filter((name) => known.every((node) => node.name !== name))));
    const checked = await Promise.all(
      objects.map(decodeNode).map(async (node) => {
        const pod = pods.find(({ nodeName }) => nodeName === node.name);
        return node.ready || pod === undefined ? node : { ...node, ready: await this.answers(pod) };
      }),
    );
    sawNodes?.(checked);
    return [...known, ...checked];
  }

  async statefulSet(): Promise<KubernetesObject | undefined> {
    const name = clusterNames(this.#name).statefulSet;
    const ref = { kind: 'StatefulSet', name, namespace: this.#namespace } as const;
    return await this.#read(ref.kind, async () => await this.#api.get(ref, this.#signal));
  }

  /** Returns the names of these Secrets that do not exist. */
  async absentSecrets(names: readonly string[]): Promise<readonly string[]> {
    const answers = names.map(async (name) => {
      const ref = { kind: 'Secret', name, namespace: this.#namespace } as const;
      const answer = await this.#read(ref.kind, async () => ({ secret: await this.#api.get(ref, this.#signal) }));
      return answer !== undefined && answer.secret === undefined ? [name] : [];
    });
    return (await Promise.all(answers)).flat();
  }

  /** Reads the logs of the containers that ended; with `running`, also those of the running containers. */
  async logs(pods: readonly Pod[], running: boolean): Promise<readonly LogFacts[]> {
    const logs = pods.flatMap(({ name, containers }) =>
      containers.flatMap((container) =>
        selectRuns(container, running).map(async (run) => await this.#log(name, container.name, run)),
      ),
    );
    return (await Promise.all(logs)).filter((log) => log !== undefined);
  }

  /**
   * Checks whether the kubelet of a pod's node answers. An answer takes almost no time, so a second without one counts
   * as a failure.
   */
  async answers({ name: pod, containers: [container] }: Pod): Promise<boolean> {
    if (container === undefined) return false;
    const limit = AbortSignal.any([this.#signal, AbortSignal.timeout(ANSWER_MS)]);
    const target = { namespace: this.#namespace, pod, container: container.name };
    return await this.#api.podLog(target, { tailLines: 1 }, limit).then(
      (text) => text !== undefined,
      () => false, // Without the right to read logs, the API server is the only source.
    );
  }

  /** Returns one line for each fact that could not be read. */
  unread(): readonly string[] {
    return [...this.#unread];
  }

  async #nodesByName(names: readonly string[]): Promise<readonly KubernetesObject[]> {
    const lists = names.map(async (name) => {
      return await this.#read('Node', async () => await this.#api.list('Node', selectByName(name), this.#signal));
    });
    return (await Promise.all(lists)).flatMap((list) => list?.objects ?? []);
  }

  async #read<Answer>(resource: string, ask: () => Promise<Answer>): Promise<Answer | undefined> {
    try {
      return await ask();
    } catch (error) {
      this.#unread.add(`${resource}: ${this.#signal.aborted ? 'no answer in time' : describeError(error)}`);
      return undefined; // The diagnosis goes on.
    }
  }

  async #log(pod: string, container: string, run: LogFacts['run']): Promise<LogFacts | undefined> {
    const target = { namespace: this.#namespace, pod, container };
    const options = { tailLines: LOG_LINES, previous: run === 'previous' };
    const text = await this.#read('logs', async () => await this.#api.podLog(target, options, this.#signal));
    // The kubelet sends this sentence instead of the log when it has deleted the log.
    return text === undefined || text.startsWith('unable to retrieve container logs')
      ? undefined
      : { pod, container, run, lines: text.trimEnd().split('\n'), freshFrom: 0 };
  }
}

function describeError(error: unknown): string {
  if (hasCode(error, 'FORBIDDEN')) {
    return 'the credentials do not allow it';
  }
  return Error.isError(error) ? error.message : 'failed';
}

function selectRuns({ state, restartCount }: ContainerStatus, running: boolean): readonly LogFacts['run'][] {
  const isEnded = state.kind === 'terminated' || (state.kind === 'waiting' && restartCount > 0);
  const isWanted = isEnded || (running && state.kind === 'running');
  return isWanted ? ['current', ...(restartCount > 0 ? (['previous'] as const) : [])] : [];
}

/**
 * Checks whether the pod is on a NotReady node. The kubelet of such a node answers no request for a log, and the
 * request takes all the available time.
 */
export function isOnSilentNode({ nodeName }: Pod, nodes: readonly Node[]): boolean {
  return nodes.some(({ name, ready }) => name === nodeName && !ready);
}
