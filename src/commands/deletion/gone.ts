import { setTimeout as delay } from 'node:timers/promises';
import { ActionError, isActionError, type ObjectProblem } from '../../errors.ts';
import type { MeshProblem } from '../../nats/mesh/observation.ts';
import type { Run } from '../run.ts';

const ROUND_MS = 300;

/** Something that is still there. */
export type Remaining = { readonly object: string; readonly state: string };

/**
 * Waits until `look` finds nothing any more.
 * @throws ActionError WAIT_TIMEOUT naming what is still there at the deadline
 */
export async function allGone(
  { waiting, signal, stop }: Pick<Run<unknown>, 'waiting' | 'signal' | 'stop'>,
  look: () => Promise<readonly Remaining[]>,
): Promise<void> {
  let last: readonly Remaining[] = [];
  try {
    for (;;) {
      last = await look();
      waiting.show(last.map(problemOf));
      if (last.length === 0) return;
      await delay(ROUND_MS, undefined, { signal });
    }
  } catch (error) {
    throw signal.aborted && !stop.aborted && !isActionError(error) ? stillThere(last) : error;
  }
}

function problemOf({ object, state }: Remaining): MeshProblem {
  return { from: object, to: undefined, reason: 'UnexpectedServer', message: `${object}: ${state}` };
}

function stillThere(last: readonly Remaining[]): ActionError<'WAIT_TIMEOUT'> {
  const problems = last.map(
    ({ object, state }): ObjectProblem => ({ object, reason: 'NotGone', message: `${object}: ${state}` }),
  );
  const said = problems.map(({ message }) => message).join('; ');
  return new ActionError('WAIT_TIMEOUT', `the deadline passed before all was gone: ${said}`, {
    hint: 'A pod on a node that does not answer is gone once the node is back or removed; what holds a finalizer waits for whoever set it. Run the job again then: it goes on from there.',
    details: { problems },
  });
}
