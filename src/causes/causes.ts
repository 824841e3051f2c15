import { findContainerCauses } from './container-causes.ts';
import { findCreationCauses } from './creation-causes.ts';
import type { Cause, Facts } from './facts.ts';
import { findHealthCauses } from './health-causes.ts';
import { findImageCauses } from './image-causes.ts';
import {
  findEvictionCauses,
  findNodeCauses,
  findOldRevisionCauses,
  findProbeCauses,
  findSurplusCauses,
  isSurplus,
} from './pod-causes.ts';
import { findRouteCauses } from './route-causes.ts';
import { findSchedulingCauses } from './scheduling-causes.ts';
import { findClaimCauses, findMountCauses } from './volume-causes.ts';

/** The checks, each of one aspect, in the order in which one problem causes the next. */
const CHECKS: readonly ((facts: Facts) => readonly Cause[])[] = [
  findNodeCauses, // Pods on a lost node fail every other check too.
  findCreationCauses,
  findClaimCauses,
  findSchedulingCauses, // A missing volume also keeps a pod from being scheduled.
  findMountCauses,
  findImageCauses,
  findContainerCauses,
  findHealthCauses, // The text of the server comes before the text of the kubelet.
  findProbeCauses,
  findRouteCauses, // This check is about running servers.
  findEvictionCauses,
  findOldRevisionCauses,
];

/** Returns every known cause that keeps the deployment from making progress, the root cause first. */
export function findCauses(facts: Facts): readonly Cause[] {
  const wanted = { ...facts, pods: facts.pods.filter((pod) => !isSurplus(facts, pod)) };
  const causes = [...findSurplusCauses(facts), ...CHECKS.flatMap((check) => check(wanted))];
  return [...causes.filter(({ fatal }) => fatal), ...causes.filter(({ fatal }) => !fatal)].filter(
    (cause, index, all) => all.findIndex((other) => keyOf(other) === keyOf(cause)) === index,
  );
}

/** Returns the key that identifies the same cause in later observations. */
export function keyOf({ reason, object }: Cause): string {
  return `${reason} ${object}`;
}

/**
 * Returns the first cause that waiting cannot resolve. The caller checks whether the cause lasted for its `selectPatienceMs`.
 */
export function findFatalCause(facts: Facts): Cause | undefined {
  return findCauses(facts).find(({ fatal }) => fatal);
}
