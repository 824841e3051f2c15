/**
 * The annotation on a pod whose StatefulSet was replaced by another one. The pod runs unchanged until it is replaced.
 * The value is the number of servers that the old StatefulSet had, independent of the state of its other pods.
 */
export const LEFT_ANNOTATION = 'nats-cluster-action/left-by-statefulset';

/**
 * Returns the number of servers that the pod's previous StatefulSet had; undefined if the annotation is missing or
 * invalid.
 */
export function serversOfBefore(pod: { readonly annotations: Readonly<Record<string, string>> }): number | undefined {
  const said = pod.annotations[LEFT_ANNOTATION] ?? '';
  return /^[1-9]\d{0,4}$/.test(said) ? Number(said) : undefined;
}

export function isLeft({ annotations }: { readonly annotations: Readonly<Record<string, string>> }): boolean {
  return annotations[LEFT_ANNOTATION] !== undefined;
}
