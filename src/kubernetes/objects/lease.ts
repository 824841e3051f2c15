import type { LeaseState } from '../../lock/claim.ts';
import { integerOf, recordOf, textOf } from './json.ts';
import type { KubernetesObject } from './object.ts';

/** coordination.k8s.io/v1 LeaseSpec; what makes no sense counts as absent. */
export function decodeLease({ metadata, spec }: KubernetesObject): LeaseState {
  const { holderIdentity, leaseDurationSeconds, acquireTime, leaseTransitions } = recordOf(spec);
  const seconds = integerOf(leaseDurationSeconds);
  return {
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    holder: textOf(holderIdentity) ?? '',
    ttlMs: seconds === undefined || seconds <= 0 ? undefined : seconds * 1000,
    acquiredAt: textOf(acquireTime),
    transitions: integerOf(leaseTransitions) ?? 0,
  };
}
