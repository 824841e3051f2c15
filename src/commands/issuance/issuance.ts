import { randomBytes } from 'node:crypto';
import { podNames } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import type { Cas, Certificates, Leaf, Ca as StoredAuthority } from '../../manifests/material.ts';
import { bundleTrust, type Certificate, parseCertificates } from '../../pki/certificate.ts';
import { issueLeaf } from '../../pki/issue.ts';
import {
  checkStoredLeaf,
  type ReissueReason,
  readStoredLeaf,
  type StoredLeaf,
  type WantedLeaf,
} from '../../pki/reissue.ts';
import { computeValidity } from '../../pki/signed-certificate.ts';
import { listAccepted, selectPresented, type Track } from '../../rotation/track.ts';
import {
  createLeafSigner,
  describeClientLeaf,
  describeRouteLeaf,
  describeServerLeaf,
  type LeafSigner,
} from './leaf-signer.ts';
import type { Purpose } from './signing.ts';
import type { UserProvidedCertificates } from './user-provided.ts';

export type IssuancePolicy = {
  readonly now: Date;
  readonly certificateValidityMs: number;
  readonly renewBeforeMs: number;
  /** The CAs whose leaf certificates are replaced whether they are due or not. */
  readonly forced: ReadonlySet<Purpose>;
};

/** The certificates that are needed, and the CAs that sign them. */
export type WantedCertificates = {
  readonly authorities: Cas;
  /** The common names of the clients. */
  readonly clients: readonly string[];
  readonly adopted: UserProvidedCertificates;
};

export type Issued = {
  readonly certificates: Certificates;
  /** One line for each certificate that was issued now, with the reason. */
  readonly issued: readonly string[];
  /** The certificates that are not as asked, because no CA that every peer trusts can sign them in this phase. */
  readonly postponed: readonly PostponedIssue[];
  /** Every certificate in use, for the expiry check. */
  readonly leaves: readonly { readonly name: string; readonly notAfter: Date }[];
};

/** A certificate that is kept although the inputs ask for another one. `message` says how it differs. */
export type PostponedIssue = { readonly name: string; readonly message: string };

/** The certificates that exist already. */
export type HeldLeaves = Pick<Certificates, 'routes' | 'clients'> & { readonly server: Leaf | undefined };

type LeafIssue = {
  readonly name: string;
  readonly leaf: Leaf;
  readonly reason?: string;
  readonly postponed?: string;
  readonly notAfter: Date;
};

/**
 * Keeps every certificate that is still usable and issues the others.
 * @throws ActionError PKI_INVALID when a CA that has to sign is unusable.
 */
export async function issueCertificates(
  spec: ClusterSpec,
  { authorities, clients, adopted }: WantedCertificates,
  held: HeldLeaves,
  terms: IssuancePolicy,
): Promise<Issued> {
  const { client, route } = authorities;
  const [clientSigner, routeSigner] = [
    client && createLeafSigner(spec, 'client', { track: client, now: terms.now }),
    route && createLeafSigner(spec, 'route', { track: route, now: terms.now }),
  ];
  const signed = async (signer: LeafSigner, name: string, leaf: LeafRequest) =>
    await reuseOrIssue(spec, { signer, name, ...leaf }, terms);
  const pods = podNames(spec);
  const [server, routes, users] = await Promise.all([
    clientSigner === undefined
      ? convertUserProvided('server certificate', adopted.server)
      : signed(clientSigner, `server certificate of ${spec.name}`, {
          stored: held.server,
          wanted: (bundle) => describeServerLeaf(spec, bundle),
        }),
    Promise.all(
      pods.map(async (pod) =>
        routeSigner === undefined
          ? convertUserProvided('route certificate', adopted.route)
          : await signed(routeSigner, `route certificate of ${pod}`, {
              stored: held.routes[pod],
              wanted: () => describeRouteLeaf(spec, pod),
            }),
      ),
    ),
    clientSigner === undefined
      ? []
      : Promise.all(
          clients.map(async (name) =>
            signed(clientSigner, `client certificate of ${name}`, {
              stored: held.clients[name],
              wanted: () => describeClientLeaf(spec, name),
            }),
          ),
        ),
  ]);
  const all = [server, ...routes, ...users];
  return {
    certificates: {
      authorities,
      clientTrust: client === undefined ? (adopted.server?.trust ?? '') : buildTrust(client),
      routeTrust: route === undefined ? (adopted.route?.trust ?? '') : buildTrust(route),
      server: client === undefined ? server.leaf : addCrossCertificate(server.leaf, client),
      routes: mapByName(pods, routes),
      clients: mapByName(clients, users),
    },
    issued: all.flatMap(({ name, reason }) => (reason === undefined ? [] : [`${name}: ${reason}`])),
    postponed: all.flatMap(({ name, postponed: message }) => (message === undefined ? [] : [{ name, message }])),
    leaves: all.map(({ name, notAfter }) => ({ name, notAfter })),
  };
}

type LeafRequest = {
  readonly stored: Leaf | undefined;
  /** Returns the wanted content of the certificate. `bundle` is the CA that signs, with the CAs above it. */
  readonly wanted: (bundle: readonly Certificate[]) => WantedLeaf;
};

type SignedLeaf = LeafRequest & { readonly signer: LeafSigner; readonly name: string };

/** The reasons to issue a leaf certificate again that leave the present one usable for now. */
const MAY_WAIT: ReadonlySet<ReissueReason> = new Set(['Due', 'NamesDiffer', 'UsagesDiffer', 'AlgorithmDiffers']);

async function reuseOrIssue(
  spec: ClusterSpec,
  { signer, name, stored, wanted }: SignedLeaf,
  { now, renewBeforeMs, certificateValidityMs, forced }: IssuancePolicy,
): Promise<LeafIssue> {
  const leaf = readStoredLeaf(stored?.certificate, stored?.privateKey);
  const violations = signer.bundles.map((bundle) =>
    checkStoredLeaf({ leaf, wanted: wanted(bundle), ca: bundle[0], now, renewBeforeMs }),
  );
  // Until every peer trusts a successor, it signs only certificates that cannot wait.
  const mayWait = signer.isSuccessor && violations[0] !== undefined && MAY_WAIT.has(violations[0].reason);
  const isKept = (mayWait || violations.includes(undefined)) && !forced.has(signer.purpose);
  if (isKept && stored !== undefined && leaf.state === 'present') {
    const certificate = buildOwnChain(leaf, signer.track);
    const [presented] = signer.bundles;
    // No time before the expiry counts here, so that a due certificate does not hide that it also differs from the
    // inputs.
    const differs =
      mayWait &&
      presented &&
      checkStoredLeaf({ leaf, wanted: wanted(presented), ca: presented[0], now, renewBeforeMs: 0 });
    const kept = { name, leaf: { ...stored, certificate }, notAfter: leaf.certificate.notAfter };
    return differs ? { ...kept, postponed: differs.message } : kept;
  }
  const reason = violations[0]?.message ?? 'is to be replaced';
  const authority = signer.requireCa(`${name} (${reason})`, wanted([]).usages);
  const request = wanted([authority.certificate, ...authority.chain]);
  const lifetime = computeValidity(now, certificateValidityMs, authority.certificate.notAfter);
  const { certificatePem, privateKeyPem } = await issueLeaf(authority, {
    commonName: request.commonName,
    subjectAltNames: request,
    usages: request.usages,
    keyAlgorithm: spec.keyAlgorithm,
    serial: randomBytes(16),
    ...lifetime,
  });
  return {
    name,
    leaf: { certificate: certificatePem, privateKey: privateKeyPem },
    reason,
    notAfter: lifetime.notAfter,
  };
}

/**
 * Returns the stored leaf certificate with the CAs between it and the CA that peers trust. Cross-signed certificates
 * are left out; `addCrossCertificate` adds the one that the server certificate still needs.
 */
function buildOwnChain(leaf: StoredLeaf & { state: 'present' }, track: Track<StoredAuthority>): string {
  const crosses = listAccepted(track).flatMap(({ cross }) =>
    cross === undefined ? [] : parseCertificates(cross, 'ca.crt'),
  );
  const dropped = new Set(crosses.map(({ fingerprint256 }) => fingerprint256));
  const kept = leaf.intermediates.filter(({ fingerprint256 }) => !dropped.has(fingerprint256));
  return [leaf.certificate, ...kept].map(({ pem }) => pem).join('');
}

/** Adds the cross-signed certificate to the server certificate while clients may still trust only the previous CA. */
function addCrossCertificate(leaf: Leaf, track: Track<StoredAuthority>): Leaf {
  const needsCrossCertificate = track.phase === 'swap-leaves' || track.phase === 'overlap';
  return needsCrossCertificate
    ? { ...leaf, certificate: `${leaf.certificate}${selectPresented(track).cross ?? ''}` }
    : leaf;
}

function buildTrust(track: Track<StoredAuthority>): string {
  const [first, ...others] = listAccepted(track).flatMap(({ certificate }) => parseCertificates(certificate, 'ca.crt'));
  return first === undefined ? '' : bundleTrust(first, ...others);
}

function convertUserProvided(name: string, adopted: UserProvidedCertificates['server']): LeafIssue {
  const leaf = { certificate: adopted?.certificate ?? '', privateKey: adopted?.privateKey ?? '' };
  return { name: `adopted ${name}`, leaf, notAfter: adopted?.notAfter ?? new Date(0) };
}

function mapByName(names: readonly string[], issues: readonly LeafIssue[]): Readonly<Record<string, Leaf>> {
  return Object.fromEntries(issues.map(({ leaf }, index) => [names[index] ?? '', leaf]));
}
