import { FIELD_MANAGER, objectLabels } from '../../../src/cluster/names.ts';
import { decodeObject, type KubernetesObject } from '../../../src/objects/object.ts';

export const APPLIED = { manager: FIELD_MANAGER, operation: 'Apply' } as const;

/** Builds an object that `deploy` made for the deployment `nats`; a test states only its differences. */
export function liveObject(
  kind: string,
  name: string,
  metadata: Readonly<Record<string, unknown>> = {},
  fields: Readonly<Record<string, unknown>> = {},
): KubernetesObject {
  const made = { name, namespace: 'messaging', uid: `${kind}/${name}`, labels: objectLabels('nats') };
  return decodeObject({
    apiVersion: 'v1',
    kind,
    metadata: { ...made, managedFields: [APPLIED], ...metadata },
    ...fields,
  });
}
