import type { ClusterSpec, SubjectAltNames } from '../../cluster/spec.ts';
import { listNeededServerNames, listServerNames } from '../../cluster/subject-alt-names.ts';
import { ActionError, problemError } from '../../errors/action-error.ts';
import type { Cas, Ca as StoredCa } from '../../manifests/material.ts';
import type { StoredMaterial } from '../../manifests/stored-material.ts';
import type { Ca } from '../../pki/ca.ts';
import { type Certificate, parseCertificates } from '../../pki/certificate.ts';
import type { ExtendedKeyUsage } from '../../pki/extensions.ts';
import { divideNames } from '../../pki/forbidden-names.ts';
import { beginRotation, listAccepted, type Track } from '../../rotation/track.ts';
import { type CaLifetime, issueCa, type Purpose, requireUsableCa } from './signing.ts';

/**
 * Returns the names of the server certificate. Leaves out names that its CA may not certify, if the NATS cluster does
 * not need them. Needed names stay, so that signing fails with an error. `bundle` is the CA with the CAs above it.
 */
export function selectServerNames(spec: ClusterSpec, bundle: readonly Certificate[]): SubjectAltNames {
  const all = listServerNames(spec);
  const omitted = new Set(findOmittedNames(spec, bundle));
  const isKept = (name: string): boolean => !omitted.has(name);
  return { dnsNames: all.dnsNames.filter(isKept), ipAddresses: all.ipAddresses.filter(isKept) };
}

function findOmittedNames(spec: ClusterSpec, bundle: readonly Certificate[]): readonly string[] {
  const needed = listNeededServerNames(spec);
  const isNeeded = (name: string): boolean => needed.dnsNames.includes(name) || needed.ipAddresses.includes(name);
  return divideNames(bundle, listServerNames(spec)).forbidden.filter((name) => !isNeeded(name));
}

/** Returns the names that the server certificate lacks, or will after a rotation, because its CA may not certify them. */
export function findOmittedServerNames(spec: ClusterSpec, client: Track<StoredCa> | undefined): readonly string[] {
  const bundles = client === undefined ? [] : listAccepted(client).map(({ certificate }) => certificate);
  return [...new Set(bundles.flatMap((bundle) => findOmittedNames(spec, parseCertificates(bundle, 'ca.crt'))))];
}

/** Returns one line about omitted names and their effect on clients; no line when no name is omitted. */
export function describeOmittedNames(omitted: readonly string[]): readonly string[] {
  if (omitted.length === 0) return [];
  const names = omitted.join(', ');
  return [
    `The name constraints of \`ca-certificate\` do not permit every name that the server certificate usually holds, so it is issued without ${names}. Clients that connect by one of these names cannot verify the servers: use the names in output \`url\`.`,
  ];
}

/**
 * Refuses a CA that may not certify the needed names.
 * @throws ActionError PKI_INVALID naming `ca-certificate` and every needed name that it may not certify.
 */
function requireNeededNames(spec: ClusterSpec, { certificate, chain }: Ca): void {
  const { forbidden } = divideNames([certificate, ...chain], listNeededServerNames(spec));
  if (forbidden.length === 0) {
    return;
  }
  const asked = [...spec.subjectAltNames.dnsNames, ...spec.subjectAltNames.ipAddresses];
  const removable = forbidden.filter((name) => asked.includes(name));
  const own = forbidden.some((name) => !asked.includes(name))
    ? [`use a CA whose name constraints permit ${spec.namespace}.svc, which the servers are reached by`]
    : [];
  const given = removable.length === 0 ? [] : [`remove ${removable.join(', ')} from \`subject-alt-names\``];
  const message = `ca-certificate: the name constraints of ${certificate.subject} or of a CA above it do not permit names that the server certificate needs: ${forbidden.join(', ')}`;
  const advice = [...own, ...given].join('; ');
  throw new ActionError('PKI_INVALID', message, {
    reason: 'NameNotPermitted',
    hint: `${advice.charAt(0).toUpperCase()}${advice.slice(1)}.`,
    details: { field: 'ca-certificate' },
  });
}

/** The CA given with a run. Its key stays with the user. */
export type GivenCa = { readonly certificate: string; readonly privateKey: string };

type CaInputs = CaLifetime & {
  readonly given: GivenCa | undefined;
  /** Whether servers run that have to stay connected to each other. */
  readonly isRunning: boolean;
};

/**
 * Returns the CAs of the deployment. For each purpose, this is the stored CA, else the given CA, else a new CA; it is
 * undefined if the certificate comes from a user-provided Secret.
 */
export async function prepareCas(spec: ClusterSpec, stored: StoredMaterial, terms: CaInputs): Promise<Cas> {
  const [client, route] = await Promise.all([
    spec.serverTlsSecret === undefined
      ? prepareCaTrack(spec, 'client', stored.clientCa, stored.clientTrust, terms)
      : undefined,
    spec.routeTlsSecret === undefined
      ? prepareCaTrack(spec, 'route', stored.routeCa, stored.routeTrust, { ...terms, given: undefined })
      : undefined,
  ]);
  return { client, route };
}

async function prepareCaTrack(
  spec: ClusterSpec,
  purpose: Purpose,
  stored: Track<StoredCa> | undefined,
  trust: string | undefined,
  terms: CaInputs,
): Promise<Track<StoredCa>> {
  const given = terms.given === undefined ? undefined : checkGivenCa(spec, terms.given, terms.now);
  if (stored !== undefined) {
    return given === undefined ? stored : addGivenKey(stored, given);
  }
  const current = given ?? (await issueCa(spec, purpose, terms));
  if (trust === undefined || !terms.isRunning || isSame({ ...current, certificate: trust }, current)) {
    return { phase: 'idle', current };
  }
  // The stored CA was removed. Its certificates are still in use, so they are replaced as in any rotation.
  const lost: StoredCa = { certificate: trust, privateKey: undefined, custody: 'user', cross: undefined };
  return beginRotation<StoredCa>({ phase: 'idle', current: lost }, current);
}

/**
 * Returns the CA that was given with the run.
 * @throws ActionError PKI_INVALID naming the input when peers would refuse the certificates that it signs, or when it
 * may not certify a name that the server certificate needs.
 */
function checkGivenCa(spec: ClusterSpec, { certificate, privateKey }: GivenCa, now: Date): StoredCa {
  const stored: StoredCa = { certificate, privateKey, custody: 'user', cross: undefined };
  const hasClients = spec.clientVerify !== 'none' || spec.clientCertificates.length > 0;
  const usages: readonly ExtendedKeyUsage[] = hasClients ? ['serverAuth', 'clientAuth'] : ['serverAuth'];
  const ca = requireUsableCa(spec, 'client', stored, { now, usages });
  requireNeededNames(spec, ca);
  return stored;
}

/** Returns the track with the key of the given CA. The cluster stores the certificate of that CA, but not its key. */
function addGivenKey(track: Track<StoredCa>, given: StoredCa): Track<StoredCa> {
  const addKey = (known: StoredCa): StoredCa =>
    isSame(known, given) && known.custody === 'user' ? { ...known, privateKey: given.privateKey } : known;
  switch (track.phase) {
    case 'idle':
      return { ...track, current: addKey(track.current) };
    case 'trust-both':
      return { ...track, current: addKey(track.current), next: addKey(track.next) };
    case 'swap-leaves':
    case 'overlap':
    case 'drop-old':
      return { ...track, current: addKey(track.current), previous: addKey(track.previous) };
  }
}

/** Checks whether the given CA differs from the CA that the track has or is changing to. */
export function isReplacedBy(track: Track<StoredCa>, given: GivenCa): boolean {
  const known = track.phase === 'trust-both' ? track.next : track.current;
  return !isSame(known, { ...known, certificate: given.certificate });
}

/**
 * Refuses a given CA that differs from the client CA of the cluster.
 * @throws ActionError CHANGE_FORBIDDEN, because only `rotate` replaces a CA.
 */
export function requireSameCa({ client }: Cas, given: GivenCa | undefined): void {
  if (client === undefined || given === undefined || !isReplacedBy(client, given)) {
    return;
  }
  const message = 'ca-certificate is another CA than the one this NATS cluster uses; deploy never replaces a CA';
  throw problemError('CHANGE_FORBIDDEN', {
    object: 'ca-certificate',
    reason: 'AuthorityDiffers',
    message,
    hint: 'Run `command: rotate` with `rotate-targets: ca` and the new `ca-certificate` and `ca-private-key`.',
  });
}

function isSame(left: StoredCa, right: StoredCa): boolean {
  const [first, second] = [left, right].map(({ certificate }) => parseCertificates(certificate, 'ca.crt')[0]);
  return first?.fingerprint256 === second?.fingerprint256;
}
