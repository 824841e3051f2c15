import type { ClusterSpec } from '../../cluster/spec.ts';
import { ActionError } from '../../errors.ts';
import type { Authorities, Authority } from '../../manifests/material.ts';
import type { StoredMaterial } from '../../manifests/stored-material.ts';
import { parseCertificates } from '../../pki/certificate.ts';
import type { ExtendedKeyUsage } from '../../pki/extensions.ts';
import { begun, type Track } from '../../rotation/track.ts';
import { requireNeededNames } from './server-names.ts';
import { type AuthorityTerms, newAuthority, type Purpose, usableAuthority } from './signing.ts';

/** The CA given with a run. Its key stays with the user. */
export type GivenAuthority = { readonly certificate: string; readonly privateKey: string };

type Terms = AuthorityTerms & {
  readonly given: GivenAuthority | undefined;
  /** Whether servers run that have to stay connected to each other. */
  readonly isRunning: boolean;
};

/**
 * Returns the CAs of the deployment: the stored one, else the given one, else a new one; none where a user-provided
 * Secret is used.
 */
export async function deploymentAuthorities(
  spec: ClusterSpec,
  stored: StoredMaterial,
  terms: Terms,
): Promise<Authorities> {
  const [client, route] = await Promise.all([
    spec.serverTlsSecret === undefined
      ? authorityTrack(spec, 'client', stored.clientAuthority, stored.clientTrust, terms)
      : undefined,
    spec.routeTlsSecret === undefined
      ? authorityTrack(spec, 'route', stored.routeAuthority, stored.routeTrust, { ...terms, given: undefined })
      : undefined,
  ]);
  return { client, route };
}

async function authorityTrack(
  spec: ClusterSpec,
  purpose: Purpose,
  stored: Track<Authority> | undefined,
  trust: string | undefined,
  terms: Terms,
): Promise<Track<Authority>> {
  const given = terms.given === undefined ? undefined : givenAuthority(spec, terms.given, terms.now);
  if (stored !== undefined) {
    return given === undefined ? stored : withKey(stored, given);
  }
  const current = given ?? (await newAuthority(spec, purpose, terms));
  if (trust === undefined || !terms.isRunning || isSame({ ...current, certificate: trust }, current)) {
    return { phase: 'idle', current };
  }
  // The stored CA was removed. Its certificates are still in use, so they are replaced as in any rotation.
  const lost: Authority = { certificate: trust, privateKey: undefined, custody: 'user', cross: undefined };
  return begun<Authority>({ phase: 'idle', current: lost }, current);
}

/**
 * Returns the CA that was given with the run.
 * @throws ActionError PKI_INVALID naming the input when peers would refuse the certificates that it signs, or when it
 * may not certify a name that the server certificate needs.
 */
function givenAuthority(spec: ClusterSpec, { certificate, privateKey }: GivenAuthority, now: Date): Authority {
  const stored: Authority = { certificate, privateKey, custody: 'user', cross: undefined };
  const hasClients = spec.clientVerify !== 'none' || spec.clientCertificates.length > 0;
  const usages: readonly ExtendedKeyUsage[] = hasClients ? ['serverAuth', 'clientAuth'] : ['serverAuth'];
  const authority = usableAuthority(spec, 'client', stored, { now, usages });
  requireNeededNames(spec, authority);
  return stored;
}

/** Returns the track with the key of the given CA, which the cluster knows without its key. */
function withKey(track: Track<Authority>, given: Authority): Track<Authority> {
  const completed = (known: Authority): Authority =>
    isSame(known, given) && known.custody === 'user' ? { ...known, privateKey: given.privateKey } : known;
  switch (track.phase) {
    case 'idle':
      return { ...track, current: completed(track.current) };
    case 'trust-both':
      return { ...track, current: completed(track.current), next: completed(track.next) };
    case 'swap-leaves':
    case 'overlap':
    case 'drop-old':
      return { ...track, current: completed(track.current), previous: completed(track.previous) };
  }
}

/** Checks whether the given CA differs from the CA that the track has or is changing to. */
export function isReplacedBy(track: Track<Authority>, given: GivenAuthority): boolean {
  const known = track.phase === 'trust-both' ? track.next : track.current;
  return !isSame(known, { ...known, certificate: given.certificate });
}

/**
 * Refuses a given CA that differs from the client CA of the cluster.
 * @throws ActionError CHANGE_FORBIDDEN, because only `rotate` replaces a CA.
 */
export function requireSameAuthority({ client }: Authorities, given: GivenAuthority | undefined): void {
  if (client === undefined || given === undefined || !isReplacedBy(client, given)) {
    return;
  }
  const message =
    'ca-certificate is another authority than the one this cluster has; deploy never replaces an authority';
  throw new ActionError('CHANGE_FORBIDDEN', message, {
    reason: 'AuthorityDiffers',
    hint: 'Run command: rotate with rotate-targets: ca and the new ca-certificate and ca-private-key.',
    details: { problems: [{ object: 'ca-certificate', reason: 'AuthorityDiffers', message }] },
  });
}

function isSame(left: Authority, right: Authority): boolean {
  const [first, second] = [left, right].map(({ certificate }) => parseCertificates(certificate, 'ca.crt')[0]);
  return first?.fingerprint256 === second?.fingerprint256;
}
