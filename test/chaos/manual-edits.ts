import { PatchStrategy, setHeaderOptions, type V1ObjectMeta, type V1Secret } from '@kubernetes/client-node';
import { FIELD_MANAGER as ACTION } from '../../src/cluster/names.ts';
import type { TestDeployment } from '../support/deployment.ts';
import { NAME } from './case.ts';

/** A function that undoes an edit. The edits of this file are those that people make with kubectl during a run. */
export type Undo = () => Promise<void>;

const FIELD_MANAGER = 'by-hand';
const EDITED = Buffer.from('edited by hand\n').toString('base64');
const APPLY = setHeaderOptions('Content-Type', PatchStrategy.ServerSideApply);
const MERGE = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);

export async function deleteSecret({ space }: TestDeployment, secret: V1Secret): Promise<Undo> {
  const [{ core, name: namespace }, name] = [space, secret.metadata?.name ?? ''];
  await core.deleteNamespacedSecret({ name, namespace });
  return async () => {
    const { items } = await core.listNamespacedSecret({ namespace });
    if (items.some(({ metadata }) => metadata?.name === name)) return; // The run has created it again.
    const { metadata: { labels = {}, annotations = {} } = {}, type = 'Opaque', data = {} } = secret;
    const body = { apiVersion: 'v1', kind: 'Secret', metadata: { name, labels, annotations }, type, data };
    // The Secret is restored with its field managers, as from a backup. The action would later report a conflict for
    // fields without a manager.
    await core.patchNamespacedSecret({ name, namespace, body, fieldManager: ACTION }, APPLY);
  };
}

/** Replaces the text in one key of a Secret. */
export async function editSecret(
  { space }: Pick<TestDeployment, 'space'>,
  secret: V1Secret,
  key: string,
): Promise<Undo> {
  const [{ core, name: namespace }, name] = [space, secret.metadata?.name ?? ''];
  const write = async (value: string): Promise<void> => {
    const body = { data: { [key]: value } };
    await core.patchNamespacedSecret({ name, namespace, body, fieldManager: FIELD_MANAGER }, MERGE);
  };
  await write(EDITED);
  return async () => {
    const live = await core.readNamespacedSecret({ name, namespace });
    if (live.data?.[key] === EDITED) await write(secret.data?.[key] ?? '');
    await dropFieldManager({ space }, name);
  };
}

/** Scales like `kubectl scale`, by one. */
export async function scale({ space, apps }: TestDeployment, isMore: boolean): Promise<Undo> {
  const ref = { name: NAME, namespace: space.name };
  const { spec } = await apps.readNamespacedStatefulSet(ref);
  const before = spec?.replicas ?? 1;
  const after = isMore || before === 1 ? before + 1 : before - 1;
  const write = async (replicas: number): Promise<void> => {
    const request = { ...ref, body: { spec: { replicas } }, fieldManager: FIELD_MANAGER };
    await apps.patchNamespacedStatefulSet(request, MERGE);
  };
  await write(after);
  return async () => {
    const live = await apps.readNamespacedStatefulSet(ref);
    if (live.spec?.replicas === after) await write(before);
    const written = await apps.readNamespacedStatefulSet(ref);
    removeEditor(written.metadata);
    const { managedFields } = written.metadata ?? {};
    // The undo changes only the replicas, because the status of the StatefulSet has changed since it was read.
    await apps.patchNamespacedStatefulSet({ ...ref, body: { metadata: { managedFields } } }, MERGE);
  };
}

/** Restarts the pods like `kubectl rollout restart`. The change may stay. */
export async function restart({ space, apps }: TestDeployment): Promise<void> {
  const annotations = { 'kubectl.kubernetes.io/restartedAt': new Date().toISOString() };
  const body = { spec: { template: { metadata: { annotations } } } };
  await apps.patchNamespacedStatefulSet(
    { name: NAME, namespace: space.name, body, fieldManager: FIELD_MANAGER },
    MERGE,
  );
}

/** Labels the Service like `kubectl label`. The change may stay. */
export async function setLabel({ space: { core, name: namespace } }: TestDeployment): Promise<void> {
  const body = { metadata: { labels: { 'by-hand': 'yes' } } };
  await core.patchNamespacedService({ name: NAME, namespace, body, fieldManager: FIELD_MANAGER }, MERGE);
}

async function dropFieldManager(
  { space: { core, name: namespace } }: Pick<TestDeployment, 'space'>,
  name: string,
): Promise<void> {
  const secret = await core.readNamespacedSecret({ name, namespace });
  removeEditor(secret.metadata);
  await core.replaceNamespacedSecret({ name, namespace, body: secret, fieldManager: FIELD_MANAGER });
}

/**
 * Removes the editor from the field managers. The editor of a field becomes its manager, and stays its manager even
 * after the old value is restored.
 */
function removeEditor(metadata: V1ObjectMeta | undefined): void {
  if (metadata?.managedFields === undefined) return;
  metadata.managedFields = metadata.managedFields.filter(({ manager }) => manager !== FIELD_MANAGER);
}
