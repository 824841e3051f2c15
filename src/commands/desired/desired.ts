import type { ObservedCertificate } from '../../causes/bundle.ts';
import { podNames } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import type { Certificates, Leaf, Material } from '../../manifests/material.ts';
import { type Certificate, parseCertificates } from '../../pki/certificate.ts';
import type { ReportedCertificate } from '../../report/reports.ts';
import type { Subject } from '../diagnosis/diagnoser.ts';
import { type HeldLeaves, type Issued, issueCertificates, postponedError } from '../issuance/issuance.ts';
import type { IssuancePolicy } from '../issuance/leaf-signer.ts';
import { advanceTracks, findNextPhaseTime, type Tracks } from '../issuance/tracks.ts';
import type { UserProvidedCertificates } from '../issuance/user-provided.ts';
import { isRunning, type LiveState } from '../live/live-state.ts';
import { buildConfiguration, type Configuration } from './configuration.ts';

/** One state of the cluster, which is applied and verified as a whole. */
export type Desired = { readonly tracks: Tracks; readonly issued: Issued; readonly configuration: Configuration };

/** Returns the configuration, credentials, certificates and settings that the objects of this state hold. */
export function collectMaterial(settings: string, { tracks, issued, configuration }: Desired): Material {
  const { credentials } = tracks;
  return { configurationText: configuration.text, credentials, certificates: issued.certificates, settings };
}

type DesiredInputs = {
  readonly spec: ClusterSpec;
  readonly userProvided: UserProvidedCertificates;
  readonly issuance: Omit<IssuancePolicy, 'now'>;
  readonly now: Date;
};

/**
 * Issues the certificates for the tracks and builds the configuration. Held certificates that are still usable are
 * kept.
 */
export async function buildDesired(
  { spec, userProvided, issuance, now }: DesiredInputs,
  tracks: Tracks,
  held: HeldLeaves,
): Promise<Desired> {
  const wanted = { authorities: tracks.cas, clients: selectClients(spec, tracks, held), userProvided };
  const issued = await issueCertificates(spec, wanted, held, { ...issuance, now });
  return { tracks, issued, configuration: buildConfiguration(spec, tracks.credentials, issued.certificates) };
}

/**
 * Returns the next phase of a rotation; undefined when the rotation has to wait, or has nothing left to do. The caller
 * enters the next phase only after it has verified the present phase on every server.
 */
export async function buildNextDesired(
  terms: DesiredInputs & { readonly caOverlapMs: number },
  { tracks, issued }: Desired,
): Promise<Desired | undefined> {
  const { now, caOverlapMs, spec } = terms;
  const next = advanceTracks(tracks, { now, caOverlapMs, clientVerify: spec.clientVerify });
  const issuance = { ...terms.issuance, forced: new Set([]) };
  return next === tracks ? undefined : await buildDesired({ ...terms, issuance }, next, issued.certificates);
}

/** Returns the states that follow `first` in order. Each one begins as soon as the one before it was verified. */
export async function buildLaterPhases(
  terms: Parameters<typeof buildNextDesired>[0],
  first: Desired,
): Promise<readonly Desired[]> {
  const later: Desired[] = [];
  for (
    let next = await buildNextDesired(terms, first);
    next !== undefined;
    next = await buildNextDesired(terms, next)
  ) {
    later.push(next);
  }
  return later;
}

/**
 * Refuses a state whose certificates differ from the inputs, if they would still differ at the end of this run.
 * @throws ActionError CHANGE_FORBIDDEN, reason CertificatePostponed.
 */
export async function requireRequestedCertificates(
  terms: Parameters<typeof buildNextDesired>[0],
  first: Desired,
): Promise<void> {
  if (first.issued.postponed.length === 0) {
    return;
  }
  const last = (await buildLaterPhases(terms, first)).at(-1) ?? first;
  if (last.issued.postponed.length > 0) {
    const pace = { now: terms.now, caOverlapMs: terms.caOverlapMs, clientVerify: terms.spec.clientVerify };
    throw postponedError(last.issued.postponed, findNextPhaseTime(last.tracks, pace));
  }
}

/**
 * Returns the users that need a client certificate: the clients in `client-certificates` always, and the system, probe
 * and client users when servers require certificates. A user that has a certificate keeps it, because servers require
 * it until they reload.
 */
function selectClients(
  { clientVerify, clientCertificates }: ClusterSpec,
  { credentials }: Tracks,
  { clients }: HeldLeaves,
): readonly string[] {
  const { system, probe, client } = credentials;
  const users = [system.user, probe.user, client.current.user];
  const asked = users.filter((user) => clientVerify !== 'none' || Object.hasOwn(clients, user));
  return [...new Set([...asked, ...clientCertificates])];
}

export type InventoryEntry = Pick<ReportedCertificate, 'kind' | 'name'> & { readonly certificate: Certificate };

/** Returns every certificate in use and every trusted CA. */
export function listCertificates(certificates: Certificates): readonly InventoryEntry[] {
  const { server, routes, clients, clientTrust, routeTrust } = certificates;
  return [
    ...first('server', 'for clients', server),
    ...Object.entries(routes).flatMap(([pod, leaf]) => first('route', `of ${pod}`, leaf)),
    ...Object.entries(clients).flatMap(([name, leaf]) => first('client', name, leaf)),
    ...listCas('for clients', clientTrust),
    ...listCas('for routes', routeTrust),
  ];
}

function first(kind: InventoryEntry['kind'], name: string, { certificate }: Leaf): readonly InventoryEntry[] {
  const [own] = parseCertificates(certificate, name);
  return own === undefined ? [] : [{ kind, name, certificate: own }];
}

function listCas(name: string, bundle: string): readonly InventoryEntry[] {
  return parseCertificates(bundle, 'ca.crt').map((certificate) => ({ kind: 'authority', name, certificate }));
}

/** Returns the subject of a diagnosis: this state of the cluster, and the last verification before it. */
export function buildSubject(
  spec: ClusterSpec,
  desired: Desired,
  live: Pick<LiveState, 'verifiedDeployment' | 'statefulSet' | 'pods'>,
): Subject {
  const { verified } = live.verifiedDeployment ?? {};
  const certificates = listCertificateSights(desired);
  return { spec, servers: podNames(spec), certificates, verified, isFirst: !isRunning(live) };
}

function listCertificateSights({ issued }: Desired): readonly ObservedCertificate[] {
  return listCertificates(issued.certificates).map(({ kind, name, certificate }) => {
    const { notAfter, fingerprint256, issuer } = certificate;
    return { name: `${kind === 'authority' ? 'CA' : kind} ${name}`, notAfter, fingerprint256, issuer };
  });
}
