import { createHash } from 'node:crypto';
import { PatchStrategy, PolicyV1Api, setHeaderOptions, type V1ObjectMeta } from '@kubernetes/client-node';
import type { TestDeployment } from './deployment.ts';
import type { TestNamespace } from './namespace.ts';

type ObjectList = { readonly items: readonly { readonly metadata?: V1ObjectMeta; readonly spec?: unknown }[] };

/**
 * By `kind/name`, the version of everything a run may write: equal before and after a run that wrote nothing. That of a pod
 * is all but its status, which its kubelet still completes (`resources`) when it is Ready already.
 */
export async function objectVersions({ space, apps }: TestDeployment): Promise<Readonly<Record<string, unknown>>> {
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
        kind === 'pod' ? writtenOf(item) : item.metadata?.resourceVersion,
      ]),
    ),
  );
}

function writtenOf({ metadata, spec }: ObjectList['items'][number]): string {
  const { resourceVersion: _, managedFields = [], ...rest } = metadata ?? {};
  const written = managedFields.filter(({ subresource }) => subresource !== 'status');
  return createHash('sha256')
    .update(JSON.stringify([rest, spec, written]))
    .digest('hex');
}

/** What a patch of the API is sent as: lists of named items are merged by name. */
export const MERGE = setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch);

/**
 * Gives keys of a Secret other texts, as `kubectl edit` does. Returns what puts back the ones of before, and who holds
 * them: whoever edits a field takes it, and keeps it when its value is what it was again.
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
