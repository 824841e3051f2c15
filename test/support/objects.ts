import { createHash } from 'node:crypto';
import { PatchStrategy, PolicyV1Api, setHeaderOptions, type V1ObjectMeta } from '@kubernetes/client-node';
import type { TestDeployment } from './deployment.ts';
import type { TestNamespace } from './namespace.ts';

type ObjectList = { readonly items: readonly { readonly metadata?: V1ObjectMeta; readonly spec?: unknown }[] };

/** The kinds whose status controllers and kubelets write at any moment. */
const WITH_STATUS = ['pod', 'set', 'budget'];

/**
 * Returns the version of each object that a run may write, by `kind/name`. The versions are equal before and after a
 * run that writes nothing. For an object with a status, the version is its content without the status, because kubelets
 * and controllers still complete the status (`resources`) after a pod is Ready.
 */
export async function readObjectVersions({ space, apps }: TestDeployment): Promise<Readonly<Record<string, unknown>>> {
  const { core, config, name: namespace } = space;
  const policy = config.makeApiClient(PolicyV1Api);
  const lists: Readonly<Record<string, ObjectList>> = {
    secret: await core.listNamespacedSecret({ namespace }),
    service: await core.listNamespacedService({ namespace }),
    pod: await core.listNamespacedPod({ namespace }),
    set: await apps.listNamespacedStatefulSet({ namespace }),
    budget: await policy.listNamespacedPodDisruptionBudget({ namespace }),
  };
  return Object.fromEntries(
    Object.entries(lists).flatMap(([kind, { items }]) =>
      items.map((item) => [
        `${kind}/${item.metadata?.name}`,
        WITH_STATUS.includes(kind) ? readVersion(item) : item.metadata?.resourceVersion,
      ]),
    ),
  );
}

function readVersion({ metadata, spec }: ObjectList['items'][number]): string {
  const { resourceVersion: _, managedFields = [], ...rest } = metadata ?? {};
  const written = managedFields.filter(({ subresource }) => subresource !== 'status');
  return createHash('sha256')
    .update(JSON.stringify([rest, spec, written]))
    .digest('hex');
}

/** The content type of a patch: lists of named items are merged by name. */
export const MERGE = setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch);

/**
 * Replaces the texts of keys of a Secret, as `kubectl edit` does. Returns a function that restores the earlier texts
 * and their field managers, because the editor of a field stays its manager even after the old value is restored.
 */
export async function editSecret(
  { core, name: namespace }: TestNamespace,
  name: string,
  edit: (texts: Readonly<Record<string, string>>) => Readonly<Record<string, string>>,
): Promise<() => Promise<void>> {
  const { data = {}, metadata } = await core.readNamespacedSecret({ name, namespace });
  const patch = async (body: object): Promise<void> => {
    await core.patchNamespacedSecret({ name, namespace, body }, MERGE);
  };
  const texts = Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]);
  const edited = Object.entries(edit(Object.fromEntries(texts)));
  await patch({ stringData: Object.fromEntries(edited) });
  return async () => {
    await patch({ data: Object.fromEntries(edited.map(([key]) => [key, data[key] ?? null])) });
    await patch({ metadata: { managedFields: metadata?.managedFields } });
  };
}
