import { labelSelector } from '../../cluster/labels.ts';
import { clusterNames } from '../../cluster/names.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import { isResourceKind, type ObjectRef } from '../../kubernetes/resources.ts';
import { foreignBecause } from '../ownership.ts';
import { permitted } from '../preflight/permitted.ts';
import { FIELD_MANAGER } from '../rollout/applied.ts';

const FENCE_ANNOTATION = 'nats-cluster-action/taken-over-by';

/**
 * Gives every object of a deployment a new version. A write of the run whose lock expired may still be on its way. That
 * write names the version that the run had read, so the API server refuses it from now on, even if this run has nothing
 * to change.
 */
export async function fenceOff(
  api: KubernetesApi,
  { namespace, name, holder }: { readonly namespace: string; readonly name: string; readonly holder: string },
  signal: AbortSignal,
): Promise<void> {
  const selection = { namespace, labelSelector: labelSelector(name) };
  const names = clusterNames(name);
  const single: readonly ObjectRef[] = [
    { kind: 'StatefulSet', name: names.statefulSet, namespace },
    { kind: 'PodDisruptionBudget', name: names.podDisruptionBudget, namespace },
    { kind: 'NetworkPolicy', name: names.networkPolicy, namespace },
    { kind: 'PodMonitor', name: names.podMonitor, namespace },
  ];
  const [secrets, services, ...present] = await Promise.all([
    api.list('Secret', selection, signal),
    api.list('Service', selection, signal),
    ...single.map(async (ref) => await permitted(api.get(ref, signal))),
  ]);
  const found = [...secrets.objects, ...services.objects, ...present.filter((object) => object !== undefined)];
  const value = { metadata: { annotations: { [FENCE_ANNOTATION]: holder } } };
  await Promise.all(
    found.map(async (object) => {
      const { kind, metadata } = object;
      // A late write cannot concern an object that this action never applied.
      if (!isResourceKind(kind) || foreignBecause(name, object) !== undefined) return;
      const ref = { kind, name: metadata.name, namespace };
      await api.patch(ref, { kind: 'merge', value }, { fieldManager: FIELD_MANAGER }, signal);
    }),
  );
}
