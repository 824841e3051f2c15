export type Validity = { readonly notBefore: Date; readonly notAfter: Date };

/** Peers' clocks differ; a certificate of this very second would be refused by those behind. */
const CLOCK_SKEW_MS = 5 * 60_000;

/**
 * From five minutes before `now` until `durationMs` after it, at most until `limit` (the authority's own end: a leaf
 * that outlives its authority fails before its own date says so). Whole seconds, as certificates hold them.
 */
export function validity(now: Date, durationMs: number, limit?: Date): Validity {
  const end = Math.min(now.getTime() + durationMs, limit?.getTime() ?? Number.POSITIVE_INFINITY);
  return {
    notBefore: new Date(Math.floor((now.getTime() - CLOCK_SKEW_MS) / 1000) * 1000),
    notAfter: new Date(Math.floor(end / 1000) * 1000),
  };
}
