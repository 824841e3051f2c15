import type { Pod } from '../../kubernetes/objects/pod.ts';
import { podFailure } from './pod-failure.ts';

export type EarlierPods = {
  /** The pods that say something about what they are to run now; those that fail and do not are replaced. */
  readonly judged: (pods: readonly Pod[]) => Promise<readonly Pod[]>;
};

export type EarlierPodTerms = {
  /** The pods as they were before anything was applied. */
  readonly before: readonly Pod[];
  readonly replace: (pod: Pod) => Promise<void>;
};

/**
 * A pod that was on its way already when this run looked may have read what was there then. That it fails is no verdict
 * on what was put right since, and its next start may be minutes away (kubelets back off): the one that comes in its
 * place is judged.
 */
export function createEarlierPods({ before, replace }: EarlierPodTerms): EarlierPods {
  const starting = new Set(before.filter(({ ready }) => !ready).map(({ uid }) => uid));
  const replaced = new Set<string>();
  return {
    judged: async (pods) => {
      const failed = pods.filter(
        (pod) => starting.has(pod.uid) && !replaced.has(pod.uid) && !pod.terminating && podFailure(pod) !== undefined,
      );
      for (const { uid } of failed) replaced.add(uid);
      await Promise.all(failed.map(replace));
      return pods.filter(({ uid }) => !replaced.has(uid));
    },
  };
}
