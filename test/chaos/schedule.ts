import type { ChaosCase } from './case.ts';
import { type ChaosCluster, type Outcome, playCase } from './trial.ts';

const AT_ONCE = 2;

/** The outcome of every case, in its order, each as soon as it is known. */
export type Schedule = readonly { readonly chaos: ChaosCase; readonly outcome: Promise<Outcome> }[];

/** Sorts the cases that run alone to the end. The tests then wait for the cases in the order in which they run. */
export function inOrder(cases: readonly ChaosCase[]): readonly ChaosCase[] {
  return [...cases.filter(({ isExclusive }) => !isExclusive), ...cases.filter(({ isExclusive }) => isExclusive)];
}

/**
 * Plays the cases two at a time, and those that break the whole cluster one by one. Starts when the cluster exists. On
 * request, it also checks the four laws of a successful step after each case; the cases then take twice as long.
 */
export function schedule(
  cases: readonly ChaosCase[],
  cluster: Promise<ChaosCluster>,
  { holdsLaws }: { readonly holdsLaws: boolean },
): Schedule {
  const pending = inOrder(cases).map((chaos) => ({ chaos, ...Promise.withResolvers<Outcome>() }));
  for (const { promise } of pending) promise.catch(() => {}); // The reader of the promise receives the error.
  const shared = pending.filter(({ chaos }) => !chaos.isExclusive);
  const alone = pending.filter(({ chaos }) => chaos.isExclusive);
  const play = async (queue: typeof pending): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      next.resolve(playCase(await cluster, next.chaos, holdsLaws));
      await next.promise.catch(() => {}); // The reader of the promise receives the error.
    }
  };
  void Promise.all(Array.from({ length: AT_ONCE }, async () => await play(shared))).then(async () => await play(alone));
  return pending.map(({ chaos, promise }) => ({ chaos, outcome: promise }));
}
