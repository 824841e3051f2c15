import { setTimeout as delay } from 'node:timers/promises';
import type { TestNamespace } from './namespace.ts';

const EVERY_MS = 100;

/** Watches until `stop`, which returns the largest number of `servers` that were not ready at the same time. */
export function watchAbsence(
  { core, name: namespace }: TestNamespace,
  servers: number,
): { stop: () => Promise<number> } {
  let isStopped = false;
  let most = 0;
  const watching = (async () => {
    while (!isStopped) {
      const { items } = await core.listNamespacedPod({ namespace });
      const ready = items.filter(
        ({ metadata, status }) =>
          metadata?.deletionTimestamp === undefined &&
          status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true,
      );
      most = Math.max(most, servers - ready.length);
      await delay(EVERY_MS);
    }
  })();
  return {
    stop: async () => {
      isStopped = true;
      await watching;
      return most;
    },
  };
}
