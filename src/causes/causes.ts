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
  findNodeCauses, // Pods on a NotReady node fail every other check too.
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
function keyOf({ reason, object }: Cause): string {
  return `${reason} ${object}`;
}

/**
 * Returns the first cause that waiting cannot resolve. The caller checks whether the cause lasted for its `patienceMs`.
 */
export function findFatalCause(facts: Facts): Cause | undefined {
  return findCauses(facts).find(({ fatal }) => fatal);
}

/**
 * The longest time in milliseconds between two observations of one lasting cause. A server logs a refused route each
 * time one of the two servers connects again: every 1.0 to 1.1 s (`reConnectToRoute`). One such line may be lost
 * between two observations.
 */
const GAP_MS = 2500;

type Seen = { readonly patienceMs: number; readonly firstAt: number; readonly lastAt: number };

/** The causes of the last observations, each with the time since which it was seen. */
export class LastingCauses {
  #seen: ReadonlyMap<string, Seen> = new Map();
  #lookedAt = 0;

  /**
   * Adds the causes of an observation. Returns the first cause that has been seen repeatedly for its `patienceMs`;
   * undefined while a cause with less patience is about to become certain, because that cause explains more.
   */
  add(causes: readonly Cause[], at: number): Cause | undefined {
    // Causes of the previous observation count as seen without a gap, even if this observation takes long.
    const recent = [...this.#seen].filter(([, { lastAt }]) => lastAt === this.#lookedAt || at - lastAt <= GAP_MS);
    this.#lookedAt = at;
    const before = new Map(recent);
    const firstAt = (cause: Cause): number => before.get(keyOf(cause))?.firstAt ?? at;
    const now = causes.map(
      (cause) => [keyOf(cause), { patienceMs: cause.patienceMs, firstAt: firstAt(cause), lastAt: at }] as const,
    );
    this.#seen = new Map([...recent, ...now]);
    const certain = causes.find((cause) => at - firstAt(cause) >= cause.patienceMs);
    const isPreceded = [...this.#seen.values()].some(
      ({ patienceMs, firstAt: since }) => patienceMs < (certain?.patienceMs ?? 0) && at - since < patienceMs,
    );
    return isPreceded ? undefined : certain;
  }
}
