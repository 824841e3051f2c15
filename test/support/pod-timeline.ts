import { type V1Pod, Watch } from '@kubernetes/client-node';
import type { TestNamespace } from './namespace.ts';

/** A pod as one event of a watch reported it. */
export type PodMoment = {
  /** Milliseconds since the timeline began. */
  readonly atMs: number;
  readonly name: string;
  readonly uid: string;
  readonly state: 'ready' | 'not-ready' | 'ending' | 'gone';
};

export type PodTimeline = {
  /** Returns every event so far, in the order in which the API server stored them. */
  readonly moments: () => readonly PodMoment[];
  readonly stop: () => void;
};

const AGAIN_MS = 100;

/** Watches the pods of the namespace, starting with the present ones. */
export async function startPodTimeline({ config, core, name: namespace }: TestNamespace): Promise<PodTimeline> {
  const began = performance.now();
  const moments: PodMoment[] = [];
  const add = (pod: V1Pod, isGone: boolean): void => {
    moments.push({ atMs: Math.round(performance.now() - began), ...momentOf(pod, isGone) });
  };
  const { items, metadata } = await core.listNamespacedPod({ namespace });
  for (const pod of items) add(pod, false);
  let version = metadata?.resourceVersion;
  let isStopped = false;
  let abort = (): void => {};
  const again = (): void => {
    if (!isStopped) setTimeout(() => void follow().catch(again), AGAIN_MS).unref();
  };
  const follow = async (): Promise<void> => {
    const request = await new Watch(config).watch(
      `/api/v1/namespaces/${namespace}/pods`,
      { resourceVersion: version },
      (phase: string, pod: V1Pod) => {
        version = pod.metadata?.resourceVersion ?? version;
        if (phase !== 'BOOKMARK') add(pod, phase === 'DELETED');
      },
      () => {
        again(); // The API server ends every watch after a while, and may be unavailable for a moment.
      },
    );
    abort = () => request.abort();
    if (isStopped) abort();
  };
  await follow();
  return {
    moments: () => [...moments],
    stop: () => {
      isStopped = true;
      abort();
    },
  };
}

function momentOf({ metadata, status }: V1Pod, isGone: boolean): Omit<PodMoment, 'atMs'> {
  const isReady = status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
  const state = isGone
    ? 'gone'
    : metadata?.deletionTimestamp !== undefined
      ? 'ending'
      : isReady
        ? 'ready'
        : 'not-ready';
  return { name: metadata?.name ?? '', uid: metadata?.uid ?? '', state };
}

export type Unsafe = {
  readonly servers: readonly string[];
  /** UIDs of pods that something other than the action ended. */
  readonly struck: ReadonlySet<string>;
};

/**
 * Returns every end of a working server at a time when another server was unavailable. Ends that the fault under test
 * caused do not count.
 */
export function unsafeEnds(moments: readonly PodMoment[], { servers, struck }: Unsafe): readonly string[] {
  const now = new Map<string, PodMoment>();
  const found: string[] = [];
  for (const moment of moments) {
    const before = now.get(moment.name);
    const isEnd = before?.state === 'ready' && before.uid === moment.uid && ['ending', 'gone'].includes(moment.state);
    now.set(moment.name, moment);
    if (!isEnd || struck.has(moment.uid) || !servers.includes(moment.name)) continue;
    const away = servers.filter((name) => name !== moment.name && now.get(name)?.state !== 'ready');
    const states = away.map((name) => `${name} (${now.get(name)?.state ?? 'never there'})`);
    if (away.length > 0) found.push(`${moment.name} ended at ${moment.atMs} ms while away: ${states.join(', ')}`);
  }
  return found;
}
