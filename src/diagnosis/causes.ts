import type { Cause } from './cause.ts';
import { containerCauses } from './container-causes.ts';
import { creationCauses } from './creation-causes.ts';
import type { Facts } from './facts.ts';
import { healthCauses } from './health-causes.ts';
import { imageCauses } from './image-causes.ts';
import { evictionCauses, nodeCauses, oldRevisionCauses, probeCauses } from './pod-causes.ts';
import { routeCauses } from './route-causes.ts';
import { schedulingCauses } from './scheduling-causes.ts';
import { isSurplus, surplusCauses } from './surplus-causes.ts';
import { claimCauses, mountCauses } from './volume-causes.ts';

/** Each names what is wrong in one respect. In the order in which one brings about the next. */
const CHECKS: readonly ((facts: Facts) => readonly Cause[])[] = [
  nodeCauses, // What a lost node held looks broken in every other respect.
  creationCauses,
  claimCauses,
  schedulingCauses, // For want of a volume as well.
  mountCauses,
  imageCauses,
  containerCauses,
  healthCauses, // In the words of the server, before those of the kubelet.
  probeCauses,
  routeCauses, // Servers that run.
  evictionCauses,
  oldRevisionCauses,
];

/** Everything known to keep the deployment from getting on, the root cause first. */
export function causesOf(facts: Facts): readonly Cause[] {
  const wanted = { ...facts, pods: facts.pods.filter((pod) => !isSurplus(facts, pod)) };
  const causes = [...surplusCauses(facts), ...CHECKS.flatMap((check) => check(wanted))];
  return [...causes.filter(({ fatal }) => fatal), ...causes.filter(({ fatal }) => !fatal)].filter(
    (cause, index, all) => all.findIndex((other) => causeKey(other) === causeKey(cause)) === index,
  );
}

/** What stays the same of a cause from one look to the next. */
export function causeKey({ reason, object }: Cause): string {
  return `${reason} ${object}`;
}

/** The first cause that waiting cannot heal; whether it lasted for its `patienceMs` is for the caller to know. */
export function fatalCause(facts: Facts): Cause | undefined {
  return causesOf(facts).find(({ fatal }) => fatal);
}
