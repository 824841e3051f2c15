import { type Cause, type CauseCode } from '../../diagnosis/cause.ts';
import { fatalCause } from '../../diagnosis/causes.ts';
import { factsOfPods } from '../../diagnosis/facts.ts';
import { ActionError } from '../../errors.ts';
import type { Pod } from '../../kubernetes/objects/pod.ts';

/**
 * Returns the failure of a pod that waiting cannot fix, based on nothing but the pod; undefined while it is not
 * certain.
 */
export function podFailure(pod: Pod): ActionError<CauseCode> | undefined {
  const cause = fatalCause(factsOfPods({ name: pod.name, namespace: pod.namespace }, [pod]));
  return cause === undefined || cause.patienceMs > 0 ? undefined : causeError(cause);
}

export function causeError({ code, reason, object, message, evidence, hint }: Cause): ActionError<CauseCode> {
  if (code === 'PKI_INVALID') {
    return new ActionError(code, message, { reason, hint, details: { field: object, evidence } });
  }
  return new ActionError(code, message, {
    reason,
    hint,
    details: { problems: [{ object, reason, message }], evidence },
  });
}

/** Returns the state of a pod on its way to Ready, in a few words. */
export function podState(pod: Pod | undefined): string {
  if (pod === undefined) {
    return 'no pod yet';
  }
  if (pod.terminating) {
    return 'ending';
  }
  const unscheduled = pod.conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  if (unscheduled !== undefined) {
    return `not scheduled: ${unscheduled.message}`;
  }
  const [server] = pod.containers;
  switch (server?.state.kind) {
    case 'waiting':
      return `starting: ${server.state.reason}`;
    case 'terminated':
      return `ended: ${server.state.reason} (${server.state.exitCode})`;
    case 'running':
      return pod.ready ? 'ready' : 'running';
    case 'unknown':
    case undefined:
      return pod.phase === 'Pending' ? 'scheduled' : pod.phase;
  }
}
