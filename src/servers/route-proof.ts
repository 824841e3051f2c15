import { acceptance, type KnockTarget, knockRoutePort, refusal } from './knock.ts';
import type { Proof, TrustProof } from './proof.ts';

/** Proves that 6222 presents a certificate `trust` covers and accepts `leaf`; tells the fingerprint it presents. */
export async function proveRouteTrust(target: KnockTarget): Promise<TrustProof> {
  return acceptance(await knockRoutePort(target));
}

/** Proves that 6222 refuses `leaf`, issued by an authority the routes must not trust. */
export async function proveRouteRefusesForeign(target: KnockTarget): Promise<Proof> {
  const message = 'the route port accepts a certificate of a foreign authority';
  return refusal(await knockRoutePort(target), 'ForeignLeafAccepted', message);
}
