import type { LogFacts } from '../../causes/facts.ts';
import { clusterNames } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { hasCode } from '../../errors/action-error.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import type { ResourceKind } from '../../kubernetes/resources.ts';
import type { KubernetesObject } from '../../objects/object.ts';
import type { ContainerStatus, Pod } from '../../objects/pod.ts';

/** The limit for all reads, because the user waits for the end of the step. */
const READING_MS = 2500;
const ANSWER_MS = 1000;
/** The number of log lines to read: more than the usage that nats-server prints for an unknown flag. */
const LOG_LINES = 150;

export type ReaderAccess = {
  readonly api: Pick<KubernetesApi, 'list' | 'get' | 'podLog'>;
  readonly spec: Pick<ClusterSpec, 'name' | 'namespace' | 'replicas'>;
  /**
   * The signal that stops the reads. It is not the deadline of the wait, which has passed when a diagnosis is made of
   * it.
   */
  readonly signal: AbortSignal;
};

/** Reads within 2.5 s the facts that can be read, and records those that cannot. Throws nothing. */
export type FactReader = {
  readonly list: (kind: ResourceKind, selector?: string) => Promise<readonly KubernetesObject[]>;
  /** Reads the nodes with these names. */
  readonly nodes: (names: readonly string[]) => Promise<readonly KubernetesObject[]>;
  readonly statefulSet: () => Promise<KubernetesObject | undefined>;
  /** Returns the names of these Secrets that do not exist. */
  readonly absentSecrets: (names: readonly string[]) => Promise<readonly string[]>;
  /** Reads the logs of the containers that ended; with `running`, also those of the running containers. */
  readonly logs: (pods: readonly Pod[], running: boolean) => Promise<readonly LogFacts[]>;
  /**
   * Checks whether the kubelet of a pod's node answers. An answer takes almost no time, so a second without one counts
   * as a failure.
   */
  readonly answers: (pod: Pod) => Promise<boolean>;
  readonly unread: () => readonly string[];
};

export function createReader({ api, spec, signal: stop }: ReaderAccess): FactReader {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(READING_MS)]);
  const unread = new Set<string>();
  const { namespace } = spec;
  const read = async <Answer>(what: string, ask: () => Promise<Answer>): Promise<Answer | undefined> => {
    try {
      return await ask();
    } catch (error) {
      unread.add(`${what}: ${signal.aborted ? 'there was no time' : describeError(error)}`); // The diagnosis goes on.
      return undefined;
    }
  };
  const log = async (pod: string, container: string, run: LogFacts['run']): Promise<LogFacts | undefined> => {
    const options = { tailLines: LOG_LINES, previous: run === 'previous' };
    const text = await read('logs', async () => await api.podLog({ namespace, pod, container }, options, signal));
    // The kubelet reports in place of the log that the log of this run is gone.
    return text === undefined || text.startsWith('unable to retrieve container logs')
      ? undefined
      : { pod, container, run, lines: text.trimEnd().split('\n'), freshFrom: 0 };
  };
  return {
    list: async (kind, selector) => {
      const place = kind === 'Node' ? {} : { namespace };
      const labels = selector === undefined ? {} : { labelSelector: selector };
      return (await read(kind, async () => await api.list(kind, { ...place, ...labels }, signal)))?.objects ?? [];
    },
    nodes: async (names) => {
      const selections = names.map((name) => ({ fieldSelector: `metadata.name=${name}` }));
      const lists = selections.map(async (one) => await read('Node', async () => await api.list('Node', one, signal)));
      return (await Promise.all(lists)).flatMap((list) => list?.objects ?? []);
    },
    statefulSet: async () => {
      const ref = { kind: 'StatefulSet', name: clusterNames(spec.name).statefulSet, namespace } as const;
      return await read(ref.kind, async () => await api.get(ref, signal));
    },
    absentSecrets: async (names) => {
      const answers = names.map(async (name) => {
        const ref = { kind: 'Secret', name, namespace } as const;
        const answer = await read(ref.kind, async () => ({ secret: await api.get(ref, signal) }));
        return answer !== undefined && answer.secret === undefined ? [name] : [];
      });
      return (await Promise.all(answers)).flat();
    },
    logs: async (pods, running) => {
      const logs = pods.flatMap(({ name, containers }) =>
        containers.flatMap((container) =>
          selectRuns(container, running).map(async (run) => await log(name, container.name, run)),
        ),
      );
      return (await Promise.all(logs)).flatMap((answer) => answer ?? []);
    },
    answers: async ({ name: pod, containers: [container] }) => {
      if (container === undefined) return false;
      const limit = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]);
      const asked = api.podLog({ namespace, pod, container: container.name }, { tailLines: 1 }, limit);
      return await asked.then(
        (text) => text !== undefined,
        () => false, // Without the right to read logs, the API server is the only source.
      );
    },
    unread: () => [...unread],
  };
}

function describeError(error: unknown): string {
  if (hasCode(error, 'FORBIDDEN')) {
    return 'the credentials have no right to';
  }
  return Error.isError(error) ? error.message : 'failed';
}

function selectRuns({ state, restartCount }: ContainerStatus, running: boolean): readonly LogFacts['run'][] {
  const isEnded = state.kind === 'terminated' || (state.kind === 'waiting' && restartCount > 0);
  const isToldOf = isEnded || (running && state.kind === 'running');
  return isToldOf ? ['current', ...(restartCount > 0 ? (['previous'] as const) : [])] : [];
}
