/**
 * The annotation on a pod that this deployment takes over and has not replaced yet. Its value says whether the servers
 * of this deployment hold routes to the pod.
 */
export const TAKEN_OVER_ANNOTATION = 'nats-cluster-action/taken-over';

/** `joined`: the old and the new servers form one NATS cluster during the takeover; `apart`: they cannot. */
export type TakenOver = 'joined' | 'apart';

/**
 * Reads the takeover state of a pod; undefined for a pod of this deployment. An unknown value counts as `apart`, so
 * that nothing is expected of the pod.
 */
export function takenOver({
  annotations,
}: {
  readonly annotations: Readonly<Record<string, string>>;
}): TakenOver | undefined {
  const said = annotations[TAKEN_OVER_ANNOTATION];
  if (said === undefined) return undefined;
  return said === 'joined' ? 'joined' : 'apart';
}
