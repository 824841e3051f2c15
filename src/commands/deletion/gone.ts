import { ActionError, isActionError, type ObjectProblem } from '../../errors.ts';
import { pause } from '../../kubernetes/interruption.ts';
import type { KubernetesObject } from '../../kubernetes/objects/object.ts';
import { decodePod } from '../../kubernetes/objects/pod.ts';
import type { MeshProblem } from '../../nats/mesh/observation.ts';
import type { Run } from '../run.ts';
import { keyOf } from './found.ts';

/**
 * The first pause between two looks; the pauses grow to `LONGEST_ROUND_MS`. Pods are gone in a second or two; an object
 * that waits for a load balancer takes a minute.
 */
const FIRST_ROUND_MS = 200;
const LONGEST_ROUND_MS = 2000;

/** An object that still exists. */
export type Remaining = { readonly object: string; readonly state: string };

/**
 * Waits until `look` finds no object any more.
 * @throws ActionError WAIT_TIMEOUT naming the objects that still exist at the deadline
 */
export async function allGone(
  { waiting, signal, stop }: Pick<Run<unknown>, 'waiting' | 'signal' | 'stop'>,
  look: () => Promise<readonly Remaining[]>,
): Promise<void> {
  let last: readonly Remaining[] = [];
  try {
    for (let roundMs = FIRST_ROUND_MS; ; roundMs = Math.min(roundMs * 1.5, LONGEST_ROUND_MS)) {
      last = await look();
      waiting.show(last.map(problemOf));
      if (last.length === 0) return;
      await pause(roundMs, signal);
    }
  } catch (error) {
    throw signal.aborted && !stop.aborted && !isActionError(error) ? stillThere(last) : error;
  }
}

/** Describes the node and the finalizers that a terminating object waits for. */
export function stateOf(object: KubernetesObject): Remaining {
  const { finalizers } = object.metadata;
  const held = finalizers.length === 0 ? '' : `, held by ${finalizers.join(', ')}`;
  const node = object.kind === 'Pod' ? decodePod(object).nodeName : undefined;
  return { object: keyOf(object), state: `ending${node === undefined ? '' : ` on node ${node}`}${held}` };
}

function problemOf({ object, state }: Remaining): MeshProblem {
  return { from: object, to: undefined, reason: 'UnexpectedServer', message: `${object}: ${state}` };
}

function stillThere(last: readonly Remaining[]): ActionError<'WAIT_TIMEOUT'> {
  const problems = last.map(
    ({ object, state }): ObjectProblem => ({ object, reason: 'NotGone', message: `${object}: ${state}` }),
  );
  const said = problems.map(({ message }) => message).join('; ');
  return new ActionError('WAIT_TIMEOUT', `the deadline passed before everything was deleted: ${said}`, {
    hint: 'A pod on a node that does not answer disappears once the node is back or is removed; an object with finalizers waits for the controller that owns them. Then run the job again: it continues where this run stopped.',
    details: { problems },
  });
}
