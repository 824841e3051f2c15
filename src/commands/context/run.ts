import type { KubernetesApi } from '../../kubernetes/api.ts';
import type { Runner } from '../../runner/runner.ts';
import type { Diagnoser } from '../diagnosis/diagnoser.ts';
import type { Waiting } from './waiting.ts';

/** One run of a command. */
export type Run<Inputs> = {
  readonly api: KubernetesApi;
  readonly inputs: Inputs;
  readonly runner: Runner;
  readonly waiting: Waiting;
  readonly diagnoser: Diagnoser;
  /** The deadline, and every abort of `stop`. */
  readonly signal: AbortSignal;
  /** The signal that also ends a rollback: a cancellation, or another run that has the lock. */
  readonly stop: AbortSignal;
};

/**
 * Waits for all requests and returns their results. If several fail, throws the error of the first in argument order,
 * because the other errors usually follow from it.
 */
export async function allOrFirstError<const Results extends readonly unknown[]>(
  ...promises: { readonly [Index in keyof Results]: Promise<Results[Index]> }
): Promise<Results> {
  const settled = await Promise.allSettled(promises);
  const failed = settled.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  return await Promise.all(promises);
}
