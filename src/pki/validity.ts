export type Validity = { readonly notBefore: Date; readonly notAfter: Date };

/** The allowed difference of clocks. Peers with a clock that is behind would refuse a certificate that starts now. */
const CLOCK_SKEW_MS = 5 * 60_000;

/**
 * Computes the validity: from five minutes before `now` until `durationMs` after it, at most until `limit`. The limit
 * is the end of the CA, because a leaf certificate that outlives its CA fails before its own date. The times are whole
 * seconds, as in certificates.
 */
export function validity(now: Date, durationMs: number, limit?: Date): Validity {
  const end = Math.min(now.getTime() + durationMs, limit?.getTime() ?? Number.POSITIVE_INFINITY);
  return {
    notBefore: new Date(Math.floor((now.getTime() - CLOCK_SKEW_MS) / 1000) * 1000),
    notAfter: new Date(Math.floor(end / 1000) * 1000),
  };
}
