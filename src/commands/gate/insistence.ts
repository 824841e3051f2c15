import { type ErrorCode, hasCode } from '../../errors/action-error.ts';
import type { Runner } from '../../runner/runner.ts';
import type { GateTerms } from './mesh-gate.ts';
import { reloadAgain } from './rereading.ts';

type Insistence = {
  readonly gate: GateTerms;
  readonly runner: Runner;
  /** The error code of a failed check. */
  readonly code: ErrorCode;
  readonly attempts: number;
};

/**
 * Runs a check, and reloads the servers once more before a failure counts: the data that a server holds in memory may
 * be older than its tag says. A failure counts at once if the Secrets differ from the applied ones, because a reload
 * would then verify nothing.
 */
export async function insist<Result>(
  { gate, runner, code, attempts }: Insistence,
  prove: () => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await prove();
    } catch (error) {
      if (!hasCode(error, code) || attempt === attempts || !(await gate.reload?.isVolumeCurrent())) {
        throw error;
      }
      runner.info(`not proved yet, reloading once more: ${error.message}`);
      await reloadAgain(gate);
    }
  }
}
