import { containerCauses } from './container-causes.ts';
import { creationCauses } from './creation-causes.ts';
import type { Cause, Facts } from './facts.ts';
import { healthCauses } from './health-causes.ts';
import { imageCauses } from './image-causes.ts';
import { evictionCauses, isSurplus, nodeCauses, oldRevisionCauses, probeCauses, surplusCauses } from './pod-causes.ts';
import { routeCauses } from './route-causes.ts';
import { schedulingCauses } from './scheduling-causes.ts';
import { claimCauses, mountCauses } from './volume-causes.ts';

/** The checks, each of one aspect, in the order in which one problem causes the next. */
const CHECKS: readonly ((facts: Facts) => readonly Cause[])[] = [
  nodeCauses, // Pods on a lost node fail every other check too.
  creationCauses,
  claimCauses,
  schedulingCauses, // A missing volume also keeps a pod from being scheduled.
  mountCauses,
  imageCauses,
  containerCauses,
  healthCauses, // The text of the server comes before the text of the kubelet.
  probeCauses,
  routeCauses, // This check is about running servers.
  evictionCauses,
  oldRevisionCauses,
];

/** Returns every known cause that keeps the deployment from making progress, the root cause first. */
export function causesOf(facts: Facts): readonly Cause[] {
  const wanted = { ...facts, pods: facts.pods.filter((pod) => !isSurplus(facts, pod)) };
  const causes = [...surplusCauses(facts), ...CHECKS.flatMap((check) => check(wanted))];
  return [...causes.filter(({ fatal }) => fatal), ...causes.filter(({ fatal }) => !fatal)].filter(
    (cause, index, all) => all.findIndex((other) => causeKey(other) === causeKey(cause)) === index,
  );
}

/** Returns the key that identifies the same cause in later observations. */
export function causeKey({ reason, object }: Cause): string {
  return `${reason} ${object}`;
}

/**
 * Returns the first cause that waiting cannot resolve. The caller checks whether the cause lasted for its `patienceMs`.
 */
export function fatalCause(facts: Facts): Cause | undefined {
  return causesOf(facts).find(({ fatal }) => fatal);
}
