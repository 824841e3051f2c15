import { CoordinationV1Api, type V1ObjectMeta } from '@kubernetes/client-node';
import { EXPIRY_ANNOTATION, PREVIEW_LABEL } from '../../src/cluster/preview.ts';
import type { TestDeployment } from './deployment.ts';

/** The inputs of the smallest possible server. */
export const SMALL = { replicas: '1', resources: '{requests: {cpu: 5m, memory: 16Mi}}' } as const;

/** Reads the expiry of each preview, by name. */
export async function readExpiries({ space }: TestDeployment): Promise<Readonly<Record<string, string>>> {
  const leases = space.config.makeApiClient(CoordinationV1Api);
  const labelSelector = `${PREVIEW_LABEL}=true`;
  const { items } = await leases.listNamespacedLease({ namespace: space.name, labelSelector });
  return Object.fromEntries(
    items.map(({ metadata }) => [instanceOf(metadata), metadata?.annotations?.[EXPIRY_ANNOTATION] ?? '']),
  );
}

/**
 * Creates objects of people and other tools, some of them similar to previews: equal before and after a
 * prune.
 */
export async function putBystanders({ space }: TestDeployment, preview: string): Promise<void> {
  const { core, name: namespace } = space;
  const labels = { 'app.kubernetes.io/name': 'nats', 'app.kubernetes.io/instance': preview };
  const ours = {
    ...labels,
    'app.kubernetes.io/component': 'server',
    'app.kubernetes.io/managed-by': 'nats-cluster-action',
  };
  await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'notes', labels } } });
  await core.createNamespacedSecret({ namespace, body: { metadata: { name: `${preview}-copy`, labels: ours } } });
  await core.createNamespacedService({
    namespace,
    body: { metadata: { name: `${preview}-proxy`, labels }, spec: { ports: [{ port: 80 }] } },
  });
  const expired = { [EXPIRY_ANNOTATION]: '2020-01-01T00:00:00Z' };
  await space.config.makeApiClient(CoordinationV1Api).createNamespacedLease({
    namespace,
    body: {
      metadata: {
        name: 'orders-preview',
        labels: { ...ours, 'app.kubernetes.io/instance': 'orders', [PREVIEW_LABEL]: 'true' },
        annotations: expired,
      },
    },
  });
}

function instanceOf(metadata: V1ObjectMeta | undefined): string {
  return metadata?.labels?.['app.kubernetes.io/instance'] ?? '';
}
