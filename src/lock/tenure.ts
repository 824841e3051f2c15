/** Returns how often a lease is renewed: two renewals may fail before a write has to wait for one. */
export function renewalPeriodMs(ttlMs: number): number {
  return ttlMs / 3;
}

/**
 * Checks whether a write may start without a renewal first. `renewedAtMs` is the time when the last renewal was sent,
 * not when it was answered; the last third of the ttl is left for the write to arrive.
 */
export function isFresh(renewedAtMs: number, ttlMs: number, nowMs: number): boolean {
  return nowMs - renewedAtMs < ttlMs - renewalPeriodMs(ttlMs);
}
