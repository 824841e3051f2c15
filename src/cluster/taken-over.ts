/** On a pod that somebody else deployed and this deployment is yet to replace: whether its servers hold routes to it. */
export const TAKEN_OVER_ANNOTATION = 'nats-cluster-action/taken-over';

/** `joined`: servers of before and of now form one cluster meanwhile; `apart`: they cannot. */
export type TakenOver = 'joined' | 'apart';

/** Undefined for a pod of this deployment. Whatever else was written there, nothing is expected of it. */
export function takenOver({
  annotations,
}: {
  readonly annotations: Readonly<Record<string, string>>;
}): TakenOver | undefined {
  const said = annotations[TAKEN_OVER_ANNOTATION];
  if (said === undefined) return undefined;
  return said === 'joined' ? 'joined' : 'apart';
}
