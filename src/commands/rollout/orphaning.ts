import type { KubernetesApi } from '../../kubernetes/api.ts';
import type { KubernetesObject } from '../../kubernetes/objects/object.ts';

/** Deletes a StatefulSet and orphans its pods. Returns once the StatefulSet is gone. */
export async function removeKeepingPods(
  api: Pick<KubernetesApi, 'remove' | 'follow'>,
  { metadata: { name, namespace = '', uid } }: KubernetesObject,
  signal: AbortSignal,
): Promise<void> {
  const ref = { kind: 'StatefulSet', name, namespace } as const;
  await api.remove(ref, { uid, propagationPolicy: 'Orphan' }, signal);
  // The garbage collector first removes the StatefulSet from the owners of its pods.
  for await (const event of api.follow('StatefulSet', { namespace, fieldSelector: `metadata.name=${name}` }, signal)) {
    const isThere =
      event.kind === 'listed'
        ? event.objects.some(({ metadata }) => metadata.uid === uid)
        : event.kind !== 'deleted' && event.object.metadata.uid === uid;
    if (!isThere) return;
  }
}
