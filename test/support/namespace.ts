import { randomBytes } from 'node:crypto';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';

/** A namespace of the shared cluster for one test file, reached as its administrator. */
export type TestNamespace = {
  readonly config: KubeConfig;
  readonly core: CoreV1Api;
  readonly name: string;
  readonly remove: () => Promise<void>;
};

/** Makes a namespace, on the cluster of KUBECONFIG by default; `labels` can for example enforce a PodSecurity level. */
export async function makeNamespace(
  purpose: string,
  labels: Readonly<Record<string, string>> = {},
  kubeconfig?: string,
): Promise<TestNamespace> {
  const config = new KubeConfig();
  if (kubeconfig === undefined) {
    config.loadFromDefault();
  } else {
    config.loadFromFile(kubeconfig);
  }
  const core = config.makeApiClient(CoreV1Api);
  const name = `${purpose}-${randomBytes(3).toString('hex')}`;
  await core.createNamespace({ body: { metadata: { name, labels: { ...labels } } } });
  await serviceAccount(core, name);
  return {
    config,
    core,
    name,
    remove: async () => {
      await core.deleteNamespace({ name });
    },
  };
}

/** Waits for the default ServiceAccount of the namespace, because pods are refused until it exists. */
async function serviceAccount(core: CoreV1Api, namespace: string): Promise<void> {
  for (;;) {
    const { items } = await core.listNamespacedServiceAccount({ namespace });
    if (items.some(({ metadata }) => metadata?.name === 'default')) {
      return;
    }
  }
}
