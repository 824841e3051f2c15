import type { LeaseState } from '../kubernetes/objects/lease.ts';

/** A lease, and the time on the local monotonic clock since which it has not changed. */
export type Sighting = { readonly lease: LeaseState; readonly sinceMs: number };

export type Claim =
  | { readonly kind: 'create' }
  /** A write with the observed version as a precondition, which ensures that the lease has not changed. */
  | { readonly kind: 'take'; readonly lease: LeaseState; readonly because: 'released' | 'own' | 'expired' }
  | { readonly kind: 'wait'; readonly lease: LeaseState; readonly forMs: number };

/** Records an observed lease. The same version again is not new information: only a change restarts its time. */
export function sight(
  before: Sighting | undefined,
  lease: LeaseState | undefined,
  nowMs: number,
): Sighting | undefined {
  if (lease === undefined) return undefined;
  const isSame = before?.lease.uid === lease.uid && before.lease.resourceVersion === lease.resourceVersion;
  return isSame ? before : { lease, sinceMs: nowMs };
}

/**
 * Returns how long a run waits for a lease of another run. Every run of this Action writes its own ttl, and all of them
 * the same one. A longer ttl is not from a run, and no run waits for longer than its own ttl.
 */
export function standingMs({ ttlMs }: Pick<LeaseState, 'ttlMs'>, ownTtlMs: number): number {
  return Math.min(ttlMs ?? ownTtlMs, ownTtlMs);
}

/**
 * Returns what `holder` may do about a lease. The lease of another holder is taken only after it was unchanged for its
 * ttl (`standingMs`) on the local clock: its holder last renewed it before it was first observed, and so stops writing
 * before that time is up.
 */
export function claimOn(
  seen: Sighting | undefined,
  { holder, ttlMs }: { readonly holder: string; readonly ttlMs: number },
  nowMs: number,
): Claim {
  if (seen === undefined) return { kind: 'create' };
  const { lease, sinceMs } = seen;
  if (lease.holder === '') return { kind: 'take', lease, because: 'released' };
  if (lease.holder === holder) return { kind: 'take', lease, because: 'own' };
  const leftMs = sinceMs + standingMs(lease, ttlMs) - nowMs;
  return leftMs > 0 ? { kind: 'wait', lease, forMs: leftMs } : { kind: 'take', lease, because: 'expired' };
}
