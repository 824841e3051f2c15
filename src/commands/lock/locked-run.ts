import { nameSelector } from '../../cluster/labels.ts';
import type { Run } from '../run.ts';
import { fenceOff } from './fencing.ts';
import { acquireLock, lockHolder } from './lock.ts';

/** Reads the Secrets of the deployment, so that their values are hidden before the log shows text of other writers. */
async function readSecrets<Inputs extends { readonly name: string }>(
  { api, inputs, runner, signal }: Run<Inputs>,
  namespace: string,
): Promise<void> {
  try {
    await api.list('Secret', { namespace, labelSelector: nameSelector(inputs.name) }, signal);
  } catch {
    // The log names the holder of the lock all the same. A later line says whether these credentials may read Secrets.
    runner.release();
  }
}

/**
 * Runs `body` as the only run that changes the deployment. Its writes are checked against the lock, and it ends as soon
 * as another run is known to have the lock. `patience` ends the wait for the lock, and nothing after it.
 * @throws ActionError LOCKED
 */
export async function underLock<Inputs extends { readonly name: string }, Result>(
  run: Run<Inputs>,
  namespace: string,
  body: (locked: Run<Inputs>) => Promise<Result>,
  patience: AbortSignal = run.signal,
): Promise<Result> {
  const { api, inputs, runner, waiting, signal, stop } = run;
  waiting.enter('lock');
  const holder = lockHolder(runner.runUrl);
  const lock = await acquireLock({
    api,
    namespace,
    name: inputs.name,
    holder,
    waiting: runner.info,
    beforeNaming: async () => await readSecrets(run, namespace),
    signal: patience,
  });
  waiting.enter('preflight');
  const guarded = api.guarded(lock.check);
  try {
    if (lock.isTakenOver) {
      await fenceOff(guarded, { namespace, name: inputs.name, holder }, signal);
    }
    return await body({
      ...run,
      api: guarded,
      signal: AbortSignal.any([signal, lock.signal]),
      stop: AbortSignal.any([stop, lock.signal]),
    });
  } catch (error) {
    throw lock.signal.aborted && !stop.aborted ? lock.signal.reason : error;
  } finally {
    await lock.release();
  }
}
