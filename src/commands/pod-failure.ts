import { ActionError } from '../errors.ts';
import type { Pod } from '../kubernetes/objects/pod.ts';

/** Waiting reasons of a container that no waiting heals (kubernetes `pkg/kubelet/images/types.go`, `kuberuntime`). */
const HINTS: Readonly<Record<string, string>> = {
  ImagePullBackOff: 'Check the image name and tag, and that the nodes may pull it; then run the job again.',
  InvalidImageName: 'Correct the input image.',
  ErrImageNeverPull: 'Load the image on every node, or choose one the nodes can pull.',
  CreateContainerConfigError:
    'Read the message; an object the pod needs is missing or refused. Then run the job again.',
  CreateContainerError: 'Read the message; the container runtime refused the container.',
  CrashLoopBackOff: 'Read above how it ended; correct the input it names, then run the job again.',
};

/**
 * What waiting cannot heal in a pod.
 * `lastLog` is how the server ended, from the pod's status.
 */
export function podFailure(pod: Pod): ActionError<'ROLLOUT_STALLED'> | undefined {
  for (const { state, lastState, image } of pod.containers) {
    if (state.kind === 'waiting' && HINTS[state.reason] !== undefined) {
      const ended =
        lastState.kind === 'terminated' ? `; it ended with ${lastState.exitCode}: ${lastState.message.trim()}` : '';
      const message = `pod ${pod.name}: ${state.reason}: ${state.message || `image ${image}`}${ended}`;
      return new ActionError('ROLLOUT_STALLED', message, {
        reason: state.reason,
        hint: HINTS[state.reason] ?? '',
        details: { problems: [{ object: `Pod/${pod.name}`, reason: state.reason, message }] },
      });
    }
  }
  return undefined;
}

/** Where a pod is on its way to Ready, in a few words. */
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
