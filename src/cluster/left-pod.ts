/**
 * On a pod whose StatefulSet gave way to another one: it runs on as it is until it is replaced. Its value is how many
 * servers that StatefulSet had, whatever became of the other pods.
 */
export const LEFT_ANNOTATION = 'nats-cluster-action/left-by-statefulset';

/** Returns how many servers the StatefulSet of before had; undefined where nobody wrote it down. */
export function serversOfBefore(pod: { readonly annotations: Readonly<Record<string, string>> }): number | undefined {
  const said = pod.annotations[LEFT_ANNOTATION] ?? '';
  return /^[1-9]\d{0,4}$/.test(said) ? Number(said) : undefined;
}

export function isLeft({ annotations }: { readonly annotations: Readonly<Record<string, string>> }): boolean {
  return annotations[LEFT_ANNOTATION] !== undefined;
}
