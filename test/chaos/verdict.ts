import type { ActionResult } from '../support/action.ts';
import { errorTitle } from '../support/live-cluster.ts';
import { type ChaosCase, TIMEOUT_MS } from './case.ts';
import type { Observation } from './observer.ts';
import { isOfTheCluster, isReason } from './reasons.ts';
import type { WatchedRun } from './watched-run.ts';

const CANCELLED_WITHIN_MS = 5000;
/** The time before the end of a run in which a cancellation may come too late to have an effect. */
const TOO_LATE_MS = 1000;
const OVERRUN_MS = 5000;
/**
 * The time from the last sample of the mesh to the end of a run: for the checks from outside, their record, the report.
 */
const LAST_SAMPLE_MS = 4000;
/** The time after the end of a fault from which this fault cannot explain a failure any more. */
const BLAME_MS = 20_000;
/** The time that the observer needs for its own connections if the mesh is already complete. */
const AT_ONCE_MS = 3000;
/** The time for the end of a pod with its lame duck mode, the start of its successor, and the return of a node. */
const HEALED_MS = 90_000;

export function codeOf(result: ActionResult): string {
  return result.exitCode === 0 ? 'green' : (errorTitle(result)?.split(' ')[0] ?? `exit ${result.exitCode}`);
}

/**
 * Checks whether a successful run has overlooked the fault: the fault existed at the last sample of the mesh. A fault
 * that began later does not count.
 */
export function wasSeen({ struckAtMs, healedAtMs, endedAtMs }: WatchedRun): boolean {
  return struckAtMs !== undefined && healedAtMs === undefined && struckAtMs < endedAtMs - LAST_SAMPLE_MS;
}

/**
 * Returns the time that the mesh has after a successful run. It is `AT_ONCE_MS` if no fault struck, or if the run saw
 * the end of the fault. It is `HEALED_MS` if the fault struck after the run's last sample, or still existed without
 * reaching a server.
 */
export function settleMs({ latestStrikeMs, healedAtMs, endedAtMs }: WatchedRun, { fault }: ChaosCase): number {
  const latestMs = latestStrikeMs();
  if (latestMs === undefined) return AT_ONCE_MS;
  const isTransient = 'holdMs' in fault;
  const overAtMs = isTransient ? healedAtMs : latestMs;
  return overAtMs !== undefined && overAtMs < endedAtMs - LAST_SAMPLE_MS ? AT_ONCE_MS : HEALED_MS;
}

/**
 * Checks whether the signal ended the process before the program could receive it. The run then started nothing, so it
 * has nothing to report.
 */
function isSignalTooEarly(result: ActionResult, { fault }: ChaosCase): boolean {
  return fault.kind === 'cancelled' && [130, 143].includes(result.exitCode) && result.stdout === '';
}

/** Returns the violations of the rules that hold for every run, after any fault. */
export function findRuleViolations(run: WatchedRun, chaos: ChaosCase): readonly string[] {
  const { fault } = chaos;
  const { result, endedAtMs, struckAtMs, isHung } = run;
  const heldMs = fault.kind === 'stopped' ? fault.holdMs : 0;
  const tookMs = struckAtMs === undefined ? 0 : endedAtMs - struckAtMs;
  const isLate = fault.kind === 'cancelled' && struckAtMs !== undefined && tookMs > CANCELLED_WITHIN_MS;
  const isCancelIgnored = fault.kind === 'cancelled' && result.exitCode === 0 && tookMs > TOO_LATE_MS;
  const isEnded = result.exitCode === 0 || result.exitCode === 137 || isSignalTooEarly(result, chaos);
  const isSilent = !isEnded && result.outputs['result'] === undefined;
  return [
    ...(isCancelIgnored ? [`it succeeded ${tookMs} ms after its cancellation`] : []),
    ...(isHung || endedAtMs > TIMEOUT_MS + OVERRUN_MS + heldMs ? [`it ended after ${endedAtMs} ms`] : []),
    ...(isLate ? [`it ended ${tookMs} ms after its cancellation`] : []),
    ...(isSilent ? ['it set no result'] : []),
  ];
}

/** Returns a problem if the end of a run has no reason. `seen` is the observation at the end of a failed run. */
export function findMissingReason(
  run: Pick<WatchedRun, 'result' | 'struckAtMs' | 'healedAtMs' | 'endedAtMs'>,
  chaos: ChaosCase,
  seen: Observation | undefined,
): readonly string[] {
  const { result, struckAtMs, healedAtMs, endedAtMs } = run;
  const code = codeOf(result);
  if (code === 'green') return [];
  if (struckAtMs === undefined) return [`it failed without a fault: ${code}`];
  if ((code === 'exit 137' && chaos.fault.kind === 'killed') || isSignalTooEarly(result, chaos)) return [];
  if (!isReason(code, chaos)) return [`${code} is not an expected code after ${chaos.fault.kind}`];
  if (!isOfTheCluster(code)) return [];
  if (seen === undefined) return [`${code} blames the cluster, which the observer could not see`];
  const overForMs = endedAtMs - (healedAtMs ?? endedAtMs);
  const isDenied = seen.whole && overForMs > BLAME_MS;
  return isDenied
    ? [`${code} blames the cluster, but the observer sees a whole mesh ${overForMs} ms after the fault`]
    : [];
}
