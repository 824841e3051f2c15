import { markForeignText } from '../secrets/likely-secrets.ts';
import { integerOf, recordOf, textOf } from './json.ts';
import type { KubernetesObject } from './object.ts';

/** The state of a lease as it was read. */
export type LeaseState = {
  readonly uid: string;
  readonly resourceVersion: string;
  /** The holder; empty if the lease was released. */
  readonly holder: string;
  /** The stated time that the lease is valid without a renewal; undefined without one. `limitTtl` limits it. */
  readonly ttlMs: number | undefined;
  /** The time by the holder's clock. It is for readers, and must never be compared. */
  readonly acquiredAt: string | undefined;
  /** The number of times that the lease changed hands. */
  readonly transitions: number;
};

/**
 * The length at which a holder is cut. A run names itself by the address of its page, but every user with write access
 * to the Lease may write more.
 */
const MAX_HOLDER = 512;

/** Decodes a coordination.k8s.io/v1 LeaseSpec; invalid values count as absent. */
export function decodeLease({ metadata, spec }: KubernetesObject): LeaseState {
  const { holderIdentity, leaseDurationSeconds, acquireTime, leaseTransitions } = recordOf(spec);
  const seconds = integerOf(leaseDurationSeconds);
  const acquiredAt = textOf(acquireTime);
  return {
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    holder: markForeignText(textOf(holderIdentity) ?? '', MAX_HOLDER),
    ttlMs: seconds === undefined || seconds <= 0 ? undefined : seconds * 1000,
    acquiredAt: acquiredAt === undefined ? undefined : markForeignText(acquiredAt, MAX_HOLDER),
    transitions: integerOf(leaseTransitions) ?? 0,
  };
}
