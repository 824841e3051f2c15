import { acceptance, type KnockTarget, knockRoutePort, refusal } from './knock.ts';
import type { Proof, TrustProof } from './proof.ts';

/**
 * Verifies that port 6222 presents a certificate that `trust` covers, and accepts `leaf`; returns the presented
 * certificate.
 */
export async function proveRouteTrust(target: KnockTarget): Promise<TrustProof> {
  return acceptance(await knockRoutePort(target));
}

/** Verifies that port 6222 refuses `leaf`, a certificate of a CA that the routes must not trust. */
export async function proveRouteRefusesForeign(target: KnockTarget): Promise<Proof> {
  const message = 'the route port accepts a certificate of a foreign authority';
  return refusal(await knockRoutePort(target), 'ForeignLeafAccepted', message);
}
