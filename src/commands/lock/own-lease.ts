import { ActionError } from '../../errors.ts';
import type { KubernetesObject } from '../../kubernetes/objects/object.ts';
import { ownerOf, ownershipOf } from '../ownership.ts';

/**
 * Refuses a Lease under the name of the lock if its labels show an owner other than this deployment. A Lease without
 * labels may be taken, because it shows only that the lock is held.
 * @throws ActionError CHANGE_FORBIDDEN (`ForeignObjects`)
 */
export function requireOwnLease(name: string, lease: KubernetesObject): void {
  const ownership = ownershipOf(name, lease);
  const isLabelled = lease.metadata.labels['app.kubernetes.io/managed-by'] !== undefined;
  if (ownership.kind !== 'of-deployment' && !(ownership.kind === 'of-other' && isLabelled)) {
    return;
  }
  const owner = ownership.kind === 'of-deployment' ? `the deployment ${ownership.deployment}` : ownerOf(lease);
  const object = `Lease/${lease.metadata.name}`;
  const message = `${object}, which this action needs as the lock of ${name}, belongs to ${owner}`;
  throw new ActionError('CHANGE_FORBIDDEN', message, {
    reason: 'ForeignObjects',
    hint: `Nothing was changed. Give this deployment another name, or, if that Lease is not needed, delete it: kubectl --namespace ${lease.metadata.namespace ?? 'default'} delete lease ${lease.metadata.name}`,
    details: { problems: [{ object, reason: 'OtherDeployment', message }] },
  });
}
