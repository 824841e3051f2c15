import { type ErrorCode, hasCode } from '../../errors.ts';
import type { Runner } from '../../runner/runner.ts';
import type { GateTerms } from './mesh-gate.ts';
import { reloadAgain } from './reload-again.ts';

type Insistence = {
  readonly gate: GateTerms;
  readonly runner: Runner;
  /** Of a disproof. */
  readonly code: ErrorCode;
  readonly attempts: number;
};

/**
 * A server that is disproved reads its volume once more before that counts: what it holds in memory may be older than
 * its tag says. Where the Secrets are no longer as they were applied, that would prove nothing.
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
