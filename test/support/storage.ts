import { rm } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import process from 'node:process';
import { AppsV1Api, StorageV1Api, type V1StorageClass } from '@kubernetes/client-node';
import { clusterLayout } from '../cluster/layout.ts';
import { provideLocalVolumes } from '../cluster/volumes.ts';
import { eventually } from './eventually.ts';
import type { TestNamespace } from './namespace.ts';

/** A StorageClass that has a volume for a server on every node. */
export type TestStorage = { readonly className: string; readonly remove: () => Promise<void> };

const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';

/**
 * Returns the default class of the cluster. The embedded cluster has none, so a class with the namespace's name is made
 * there.
 */
export async function makeTestStorage(space: TestNamespace): Promise<TestStorage> {
  const storage = space.config.makeApiClient(StorageV1Api);
  const { items } = await storage.listStorageClass();
  const className = items.find(isDefault)?.metadata?.name;
  return className === undefined ? await embeddedStorage(space, storage) : { className, remove: async () => {} };
}

function isDefault({ metadata }: V1StorageClass): boolean {
  return metadata?.annotations?.[DEFAULT_CLASS] === 'true';
}

async function embeddedStorage(space: TestNamespace, storage: StorageV1Api): Promise<TestStorage> {
  const { core, name } = space;
  const kubeconfig = resolve(process.env['KUBECONFIG'] ?? '');
  const layout = clusterLayout(basename(dirname(kubeconfig)), '');
  if (layout.kubeconfig !== kubeconfig) {
    throw new Error('the cluster of KUBECONFIG has no default StorageClass');
  }
  const { items } = await core.listNode();
  const { storageClass, volumes } = await provideLocalVolumes(layout, items.length, 1, '1Gi', name);
  const remove = async (): Promise<void> => {
    await withoutUsers(space);
    for (const { metadata } of volumes) {
      await core.deletePersistentVolume({ name: metadata?.name ?? '' });
    }
    await storage.deleteStorageClass({ name });
    await Promise.all(volumes.map(async ({ spec }) => await rm(spec?.local?.path ?? '', { recursive: true })));
  };
  await storage.createStorageClass({ body: storageClass });
  for (const body of volumes) {
    await core.createPersistentVolume({ body });
  }
  return { className: name, remove };
}

/** Removes the users of the volumes first, because they write to them. */
async function withoutUsers({ config, core, name: namespace }: TestNamespace): Promise<void> {
  await config.makeApiClient(AppsV1Api).deleteCollectionNamespacedStatefulSet({ namespace });
  await core.deleteCollectionNamespacedPersistentVolumeClaim({ namespace });
  await eventually(`namespace ${namespace} without pods and claims`, 120, async () => {
    const [pods, claims] = await Promise.all([
      core.listNamespacedPod({ namespace }),
      core.listNamespacedPersistentVolumeClaim({ namespace }),
    ]);
    return pods.items.length + claims.items.length === 0 || undefined;
  });
}
