import { podNames } from '../../cluster/names.ts';
import { isStandalone } from '../../cluster/standalone.ts';
import { ActionError } from '../../errors.ts';
import type { Authorities, Authority, Certificates } from '../../manifests/material.ts';
import type { Track } from '../../rotation/track.ts';
import { proveClientRefusesForeign, proveClientTrust } from '../../servers/client-proof.ts';
import { proveRouteRefusesForeign, proveRouteTrust } from '../../servers/route-proof.ts';
import { ephemeralLeaf, type Purpose, signingAuthority } from '../issuance/signing.ts';
import { type NamedProof, requireProofs } from './proofs.ts';
import { type ServerTerms, serverTarget } from './server-target.ts';

type TrustTerms = ServerTerms & { readonly certificates: Certificates; readonly now: Date };

/**
 * Verifies the conditions of a rotation that no fingerprint shows: every server trusts the new CA before it is
 * presented, and no longer trusts the old CA after it was dropped. Checks nothing while no CA is being replaced. A CA
 * whose key is missing cannot sign a probe, so it is not checked.
 * @throws ActionError ROTATION_UNSAFE naming every failed check.
 */
export async function proveTrust(terms: TrustTerms): Promise<readonly string[]> {
  const { client, route }: Authorities = terms.certificates.authorities;
  // Servers that do not ask for client certificates trust no CA for them.
  const asked = terms.spec.clientVerify === 'none' ? undefined : client;
  const routed = isStandalone(terms.spec) ? undefined : route;
  const named = [...(await trustProofs(terms, 'route', routed)), ...(await trustProofs(terms, 'client', asked))];
  return await requireProofs(named, terms.signal, (problems) => {
    const said = problems.map(({ object, message }) => `${object}: ${message}`).join('; ');
    return new ActionError('ROTATION_UNSAFE', `the rotation does not go on, as this was not proved: ${said}`, {
      reason: problems[0]?.reason ?? 'Unproved',
      hint: 'Nothing is lost: every server still accepts what is presented. Look at the pod logs, then run the job again; it goes on from here.',
      details: { problems },
    });
  });
}

async function trustProofs(
  terms: TrustTerms,
  purpose: Purpose,
  track: Track<Authority> | undefined,
): Promise<readonly NamedProof[]> {
  switch (track?.phase) {
    case 'trust-both':
      return await proofsOf(terms, purpose, track.next, true);
    case 'drop-old':
      return await proofsOf(terms, purpose, track.previous, false);
    case undefined:
    case 'idle':
    case 'swap-leaves':
    case 'overlap':
      return [];
  }
}

async function proofsOf(
  terms: TrustTerms,
  purpose: Purpose,
  authority: Authority,
  isTrusted: boolean,
): Promise<readonly NamedProof[]> {
  if (authority.privateKey === undefined) {
    return [];
  }
  const signer = signingAuthority(terms.spec, purpose, authority);
  if (signer.certificate.notAfter.getTime() <= terms.now.getTime()) {
    return []; // Peers refuse the certificates of an expired CA whether they trust it or not.
  }
  const leaf = await ephemeralLeaf(signer, terms.spec, terms.now);
  const { routeTrust, clientTrust } = terms.certificates;
  const accept = purpose === 'route' ? proveRouteTrust : proveClientTrust;
  const refuse = purpose === 'route' ? proveRouteRefusesForeign : proveClientRefusesForeign;
  return podNames(terms.spec).map((pod) => {
    const target = { ...serverTarget(terms, pod, purpose === 'route' ? routeTrust : clientTrust), leaf };
    return {
      what: `${pod} ${isTrusted ? 'trusts the new' : 'no longer trusts the old'} ${purpose} authority`,
      prove: async () => (isTrusted ? await accept(target) : await refuse(target)),
    };
  });
}
