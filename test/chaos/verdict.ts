import type { ActionResult } from '../support/action.ts';
import { errorTitle } from '../support/live-cluster.ts';
import { type ChaosCase, TIMEOUT_MS } from './case.ts';
import type { Observation } from './observer.ts';
import { isOfTheCluster, isReason } from './reasons.ts';
import type { WatchedRun } from './watched-run.ts';

const CANCELLED_WITHIN_MS = 5000;
/** A run that was just ending need not hear that it is cancelled. */
const DEAF_MS = 1000;
const OVERRUN_MS = 5000;
/** From the last sample of the mesh to the end of a run: proofs from outside, the record of them, the report. */
const LAST_SAMPLE_MS = 4000;
/** A fault that ended so long before is no reason any more. */
const FORGOTTEN_MS = 20_000;
/** A mesh that has to be whole is so at once; this is for the observer's own connections. */
const AT_ONCE_MS = 3000;
/** A pod's end with its lame duck, its successor, and a node that comes back. */
const HEALED_MS = 90_000;

export function codeOf(result: ActionResult): string {
  return result.exitCode === 0 ? 'green' : (errorTitle(result)?.split(' ')[0] ?? `exit ${result.exitCode}`);
}

/** Whether the fault was there at the last sample, so that a green run has missed it; not when it came later. */
export function wasSeen({ struckAtMs, healedAtMs, endedAtMs }: WatchedRun): boolean {
  return struckAtMs !== undefined && healedAtMs === undefined && struckAtMs < endedAtMs - LAST_SAMPLE_MS;
}

/**
 * How long the mesh has after a green run. None when nothing struck, or so early that the run saw its end. The time to
 * heal when the fault struck after the run's last sample, or was still there and no server is reached by it.
 */
export function settleMs({ struckAtMs, healedAtMs, endedAtMs }: WatchedRun, { fault }: ChaosCase): number {
  if (struckAtMs === undefined) return AT_ONCE_MS;
  const isTransient = 'holdMs' in fault;
  const overAtMs = isTransient ? healedAtMs : struckAtMs;
  return overAtMs !== undefined && overAtMs < endedAtMs - LAST_SAMPLE_MS ? AT_ONCE_MS : HEALED_MS;
}

/** Ended by its signal before the program was there to hear it: nothing was begun, so there is nothing to tell. */
function isUnheard(result: ActionResult, { fault }: ChaosCase): boolean {
  return fault.kind === 'cancelled' && [130, 143].includes(result.exitCode) && result.stdout === '';
}

/** What the run must not have done, whatever struck. */
export function conduct(run: WatchedRun, chaos: ChaosCase): readonly string[] {
  const { fault } = chaos;
  const { result, endedAtMs, struckAtMs, isHung } = run;
  const heldMs = fault.kind === 'stopped' ? fault.holdMs : 0;
  const tookMs = struckAtMs === undefined ? 0 : endedAtMs - struckAtMs;
  const isLate = fault.kind === 'cancelled' && struckAtMs !== undefined && tookMs > CANCELLED_WITHIN_MS;
  const isDeaf = fault.kind === 'cancelled' && result.exitCode === 0 && tookMs > DEAF_MS;
  const isEnded = result.exitCode === 0 || result.exitCode === 137 || isUnheard(result, chaos);
  const isSilent = !isEnded && result.outputs['result'] === undefined;
  return [
    ...(isDeaf ? [`cancelled, it went on for ${tookMs} ms and is green`] : []),
    ...(isHung || endedAtMs > TIMEOUT_MS + OVERRUN_MS + heldMs ? [`it ended after ${endedAtMs} ms`] : []),
    ...(isLate ? [`cancelled, it ended after ${tookMs} ms`] : []),
    ...(isSilent ? ['it set no result'] : []),
  ];
}

/** Whether the end of a run has a reason. `seen` is what the observer saw when a red run had ended. */
export function reasonless(
  run: Pick<WatchedRun, 'result' | 'struckAtMs' | 'healedAtMs' | 'endedAtMs'>,
  chaos: ChaosCase,
  seen: Observation | undefined,
): readonly string[] {
  const { result, struckAtMs, healedAtMs, endedAtMs } = run;
  const code = codeOf(result);
  if (code === 'green') return [];
  if (struckAtMs === undefined) return [`red without a fault: ${code}`];
  if ((code === 'exit 137' && chaos.fault.kind === 'killed') || isUnheard(result, chaos)) return [];
  if (!isReason(code, chaos)) return [`${code} is no answer to ${chaos.fault.kind}`];
  if (!isOfTheCluster(code)) return [];
  if (seen === undefined) return [`${code}, of a cluster that nobody can see`];
  const overForMs = endedAtMs - (healedAtMs ?? endedAtMs);
  const isDenied = seen.whole && overForMs > FORGOTTEN_MS;
  return isDenied ? [`${code}, and the observer sees a whole mesh ${overForMs} ms after the fault`] : [];
}
