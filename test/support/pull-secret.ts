import type { TestNamespace } from './namespace.ts';

/** The name of the Secret that `createPullSecret` creates. */
export const PULL_SECRET = 'registry-credentials';

/** Creates a Secret for a private registry, without credentials. The nodes have every image already. */
export async function createPullSecret({ core, name: namespace }: TestNamespace): Promise<void> {
  await core.createNamespacedSecret({
    namespace,
    body: {
      metadata: { name: PULL_SECRET },
      type: 'kubernetes.io/dockerconfigjson',
      stringData: { '.dockerconfigjson': '{"auths":{}}' },
    },
  });
}
