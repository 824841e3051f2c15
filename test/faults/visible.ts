import { setTimeout as delay } from 'node:timers/promises';
import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import type { TestNamespace } from '../support/namespace.ts';

const PATIENCE_MS = 90_000;

/** Waits until a condition is true, and returns the time. `condition` names it in the error at the time limit. */
export async function waitUntil(condition: string, ask: () => Promise<boolean>): Promise<number> {
  const end = performance.now() + PATIENCE_MS;
  while (performance.now() < end) {
    if (await ask()) return performance.now();
    await delay(50);
  }
  throw new Error(`${condition}: not within ${PATIENCE_MS / 1000} s`);
}

/** Waits until a container of a pod is waiting or terminated with this reason. */
export async function awaitContainerReason(space: TestNamespace, pattern: RegExp): Promise<number> {
  return await waitUntil(`a container ${pattern}`, async () => {
    const { items } = await space.core.listNamespacedPod({ namespace: space.name });
    return items.some((pod) => statusesOf(pod).some((status) => reasonsOf(status).some((text) => pattern.test(text))));
  });
}

/** Waits until the scheduler refuses a pod. */
export async function awaitUnscheduled({ core, name: namespace }: TestNamespace): Promise<number> {
  return await waitUntil('an unscheduled pod', async () => {
    const { items } = await core.listNamespacedPod({ namespace });
    return items.some(({ status }) => status?.conditions?.some(({ reason }) => reason === 'Unschedulable'));
  });
}

/** Waits for an event with a matching message. */
export async function awaitEvent({ core, name: namespace }: TestNamespace, pattern: RegExp): Promise<number> {
  return await waitUntil(`an event ${pattern}`, async () => {
    const { items } = await core.listNamespacedEvent({ namespace });
    return items.some(({ message }) => pattern.test(message ?? ''));
  });
}

/** Waits for a matching line in the log of a server. */
export async function awaitLogLine({ core, name: namespace }: TestNamespace, pattern: RegExp): Promise<number> {
  return await waitUntil(`a log line ${pattern}`, async () => {
    const { items } = await core.listNamespacedPod({ namespace });
    const logs = await Promise.all(
      // A pod that has not started yet has no log.
      items.map(async ({ metadata }) =>
        core.readNamespacedPodLog({ name: metadata?.name ?? '', namespace }).catch(() => ''),
      ),
    );
    return logs.some((log) => pattern.test(log));
  });
}

/** Reads the state of the servers, as `nats-0 Ready, nats-1 ErrImagePull`. */
export async function readServers({ core, name: namespace }: TestNamespace): Promise<string> {
  const { items } = await core.listNamespacedPod({ namespace });
  const states = items.map((pod) => `${pod.metadata?.name} ${stateOf(pod)}`).toSorted();
  return states.length === 0 ? 'no server' : states.join(', ');
}

export function isReady({ metadata, status }: V1Pod): boolean {
  const hasReadyCondition = status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True');
  return metadata?.deletionTimestamp === undefined && hasReadyCondition === true;
}

function stateOf(pod: V1Pod): string {
  if (isReady(pod)) return 'Ready';
  if (pod.metadata?.deletionTimestamp !== undefined) return 'ending';
  const [reason] = statusesOf(pod).flatMap(reasonsOf);
  const condition = pod.status?.conditions?.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  return reason ?? condition?.reason ?? (pod.status?.phase === 'Pending' ? 'Pending' : 'not Ready');
}

function statusesOf({ status }: V1Pod): readonly V1ContainerStatus[] {
  return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
}

function reasonsOf({ state, lastState }: V1ContainerStatus): readonly string[] {
  return [state?.waiting?.reason, state?.terminated?.reason, lastState?.terminated?.reason].flatMap(
    (reason) => reason ?? [],
  );
}
