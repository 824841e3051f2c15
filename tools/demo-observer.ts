import { ApiException, AppsV1Api, CoreV1Api, KubeConfig } from '@kubernetes/client-node';

/** The state of the demo's deployment according to the API, read independently of the action. */
export type DemoObserver = {
  /** Returns the replicas of the StatefulSet, or undefined without a StatefulSet. */
  readonly replicas: () => Promise<number | undefined>;
  /** Returns UIDs by pod name, in the order of the names. */
  readonly podUids: () => Promise<ReadonlyMap<string, string>>;
};

export function connectDemo(kubeconfig: string, namespace: string): DemoObserver {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const [core, apps] = [config.makeApiClient(CoreV1Api), config.makeApiClient(AppsV1Api)];
  return {
    replicas: async () => {
      try {
        return (await apps.readNamespacedStatefulSet({ namespace, name: 'nats' })).spec?.replicas;
      } catch (error) {
        if (error instanceof ApiException && error.code === 404) return undefined;
        throw error;
      }
    },
    podUids: async () => {
      const { items } = await core.listNamespacedPod({ namespace });
      const uids = items.map(({ metadata }) => [metadata?.name ?? '', metadata?.uid ?? ''] as const);
      return new Map(uids.toSorted(([a], [b]) => a.localeCompare(b)));
    },
  };
}
