/** The state of a lease as it was read. */
export type LeaseState = {
  readonly uid: string;
  readonly resourceVersion: string;
  /** Empty when it was released. */
  readonly holder: string;
  /** How long it says that it stands without a renewal; undefined when it does not say. `standingMs` bounds it. */
  readonly ttlMs: number | undefined;
  /** As the holder's clock told it: for readers, never to be compared. */
  readonly acquiredAt: string | undefined;
  /** How often it changed hands. */
  readonly transitions: number;
};

/** A lease, and since when on the local monotonic clock nobody changed it. */
export type Sighting = { readonly lease: LeaseState; readonly sinceMs: number };

export type Claim =
  | { readonly kind: 'create' }
  /** To be written with the version seen as a precondition, which proves that it still stands. */
  | { readonly kind: 'take'; readonly lease: LeaseState; readonly because: 'released' | 'own' | 'expired' }
  | { readonly kind: 'wait'; readonly lease: LeaseState; readonly forMs: number };

/** The same version seen again says nothing new: only a change starts its time anew. */
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
 * Returns how long a lease of another run is waited for. Every run of this Action writes its own ttl, and all of them the
 * same: a longer one is not a run's, and holds nobody up for longer than that.
 */
export function standingMs({ ttlMs }: Pick<LeaseState, 'ttlMs'>, ownTtlMs: number): number {
  return Math.min(ttlMs ?? ownTtlMs, ownTtlMs);
}

/**
 * What `holder` may do about a lease. That of another is taken only after it stood unchanged for its ttl (`standingMs`), on the
 * local clock: its holder last renewed it before it was first seen, so stops writing before that time is up.
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
