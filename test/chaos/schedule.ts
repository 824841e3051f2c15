import type { ChaosCase } from './case.ts';
import { type ChaosCluster, type Outcome, trial } from './trial.ts';

const AT_ONCE = 2;

/** The outcome of every case, in its order, each as soon as it is there. */
export type Schedule = readonly { readonly chaos: ChaosCase; readonly outcome: Promise<Outcome> }[];

/** Those that run alone come last, so that whoever waits in this order waits for nothing but the next one. */
export function inOrder(cases: readonly ChaosCase[]): readonly ChaosCase[] {
  return [...cases.filter(({ isExclusive }) => !isExclusive), ...cases.filter(({ isExclusive }) => isExclusive)];
}

/**
 * Plays the cases two at a time, those that break the whole cluster one by one; begins once there is a cluster. The four
 * laws of a green step are asked after each case on demand, because that takes twice as long.
 */
export function schedule(
  cases: readonly ChaosCase[],
  cluster: Promise<ChaosCluster>,
  { holdsLaws }: { readonly holdsLaws: boolean },
): Schedule {
  const pending = inOrder(cases).map((chaos) => ({ chaos, ...Promise.withResolvers<Outcome>() }));
  for (const { promise } of pending) promise.catch(() => {}); // Whoever waits for it is told.
  const shared = pending.filter(({ chaos }) => !chaos.isExclusive);
  const alone = pending.filter(({ chaos }) => chaos.isExclusive);
  const play = async (queue: typeof pending): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      next.resolve(trial(await cluster, next.chaos, holdsLaws));
      await next.promise.catch(() => {}); // As above.
    }
  };
  void Promise.all(Array.from({ length: AT_ONCE }, async () => await play(shared))).then(async () => await play(alone));
  return pending.map(({ chaos, promise }) => ({ chaos, outcome: promise }));
}
