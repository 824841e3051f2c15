import { podOrdinal } from '../cluster/names.ts';
import type { Cause } from './cause.ts';
import type { Facts, PodFacts } from './facts.ts';

/** A StatefulSet whose replicas are lowered deletes the surplus pods at once. */
const SURPLUS_PATIENCE_MS = 5000;

/** Checks whether a pod exceeds the wanted number of servers. A surplus pod that does not run is not a problem. */
export function isSurplus({ name, replicas }: Facts, pod: PodFacts): boolean {
  const ordinal = podOrdinal(name, pod.name);
  return replicas !== undefined && ordinal !== undefined && ordinal >= replicas;
}

/** Finds surplus pods: the StatefulSet was scaled up while the run waited for it. */
export function surplusCauses(facts: Facts): readonly Cause[] {
  const { name, namespace, replicas } = facts;
  return facts.pods
    .filter((pod) => isSurplus(facts, pod) && !pod.terminating)
    .map((pod) => ({
      code: 'ROLLOUT_STALLED',
      reason: 'Rescaled',
      object: `Pod/${pod.name}`,
      message: `pod ${pod.name} exists, expected ${replicas} servers: the StatefulSet ${name} was scaled up during this run`,
      evidence: [],
      hint: `kubectl scale statefulset ${name} --replicas=${replicas} --namespace ${namespace}, or set the input replicas to the number you want; then run the job again.`,
      fatal: true,
      patienceMs: SURPLUS_PATIENCE_MS,
    }));
}
