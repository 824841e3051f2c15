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
  /** The signal that ends the run: its deadline, or an abort of `stop`. */
  readonly signal: AbortSignal;
  /** The signal that also ends a rollback: a cancellation, or another run that has the lock. */
  readonly stop: AbortSignal;
};
