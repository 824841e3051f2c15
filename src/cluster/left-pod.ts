/** On a pod whose StatefulSet gave way to another one: it runs on as it is until it is replaced. */
export const LEFT_ANNOTATION = 'nats-cluster-action/left-by-statefulset';

export function isLeft({ annotations }: { readonly annotations: Readonly<Record<string, string>> }): boolean {
  return annotations[LEFT_ANNOTATION] !== undefined;
}
