import { labelSelector } from '../../cluster/labels.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import { decodePod, type Pod } from '../../kubernetes/objects/pod.ts';
import type { ObjectList } from '../../kubernetes/watch.ts';

/** The deployment's pods as the API server last reported them, by name. */
export type FollowedPods = {
  readonly current: () => ReadonlyMap<string, Pod>;
  /** Throws the error that ended the watch, once it has ended. */
  readonly check: () => void;
  readonly close: () => Promise<void>;
};

/** Follows the pods until closed, starting from the `known` list. Returns when the pods were listed once. */
export async function followPods(
  api: KubernetesApi,
  spec: ClusterSpec,
  signal: AbortSignal,
  known?: ObjectList,
): Promise<FollowedPods> {
  const pods = new Map<string, Pod>();
  const closing = new AbortController();
  const listed = Promise.withResolvers<undefined>();
  let failure: { readonly error: unknown } | undefined;
  const follow = async (): Promise<void> => {
    const selection = { namespace: spec.namespace, labelSelector: labelSelector(spec.name) };
    for await (const event of api.follow('Pod', selection, AbortSignal.any([signal, closing.signal]), known)) {
      switch (event.kind) {
        case 'listed':
          pods.clear();
          for (const object of event.objects) {
            pods.set(object.metadata.name, decodePod(object));
          }
          listed.resolve(undefined);
          break;
        case 'added':
        case 'modified':
          pods.set(event.object.metadata.name, decodePod(event.object));
          break;
        case 'deleted':
          pods.delete(event.object.metadata.name);
          break;
      }
    }
  };
  const followed = follow().catch((error: unknown) => {
    failure = { error };
    listed.resolve(undefined);
  });
  await listed.promise;
  return {
    current: () => pods,
    check: () => {
      if (failure !== undefined) {
        throw failure.error;
      }
    },
    close: async () => {
      closing.abort();
      await followed;
    },
  };
}
