import { podNames } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { listRouteNames } from '../../cluster/subject-alt-names.ts';
import { ActionError, type ObjectProblem } from '../../errors/action-error.ts';
import type { Cas, Certificates, Leaf, Ca as StoredCa } from '../../manifests/material.ts';
import { bundleTrust, type Certificate, parseCertificates } from '../../pki/certificate.ts';
import type { WantedLeaf } from '../../pki/reissue.ts';
import { listAccepted, selectPresented, type Track } from '../../rotation/track.ts';
import { formatDate } from '../../text/duration-text.ts';
import { selectServerNames } from './cas.ts';
import { type IssuancePolicy, type LeafIssue, LeafSigner } from './leaf-signer.ts';
import type { UserProvidedCertificates } from './user-provided.ts';

/** The certificates that are needed, and the CAs that sign them. */
export type WantedCertificates = {
  readonly authorities: Cas;
  /** The common names of the clients. */
  readonly clients: readonly string[];
  readonly userProvided: UserProvidedCertificates;
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

/**
 * Keeps every certificate that is still usable and issues the others.
 * @throws ActionError PKI_INVALID when a CA that has to sign is unusable.
 */
export async function issueCertificates(
  spec: ClusterSpec,
  { authorities, clients, userProvided }: WantedCertificates,
  held: HeldLeaves,
  policy: IssuancePolicy,
): Promise<Issued> {
  const { client, route } = authorities;
  const clientSigner = client && new LeafSigner(spec, 'client', client, policy);
  const routeSigner = route && new LeafSigner(spec, 'route', route, policy);
  const pods = podNames(spec);
  const [server, routes, users] = await Promise.all([
    clientSigner === undefined
      ? convertUserProvided('server certificate', userProvided.server)
      : issueServerLeaf(spec, clientSigner, held.server),
    Promise.all(
      pods.map(async (pod) =>
        routeSigner === undefined
          ? convertUserProvided('route certificate', userProvided.route)
          : await issueLeaf(routeSigner, `route certificate of ${pod}`, held.routes[pod], describeRouteLeaf(spec, pod)),
      ),
    ),
    clientSigner === undefined
      ? []
      : Promise.all(
          clients.map(async (user) => {
            const name = `client certificate of ${user}`;
            return await issueLeaf(clientSigner, name, held.clients[user], describeClientLeaf(spec, user));
          }),
        ),
  ]);
  const certificates = {
    authorities,
    clientTrust: client === undefined ? (userProvided.server?.trust ?? '') : buildTrust(client),
    routeTrust: route === undefined ? (userProvided.route?.trust ?? '') : buildTrust(route),
    server: client === undefined ? server.leaf : addCrossCertificate(server.leaf, client),
    routes: mapByName(pods, routes),
    clients: mapByName(clients, users),
  };
  return { certificates, ...summarizeIssues([server, ...routes, ...users]) };
}

function summarizeIssues(all: readonly LeafIssue[]): Omit<Issued, 'certificates'> {
  return {
    issued: all.flatMap(({ name, reason }) => (reason === undefined ? [] : [`${name}: ${reason}`])),
    postponed: all.flatMap(({ name, postponed: message }) => (message === undefined ? [] : [{ name, message }])),
    leaves: all.map(({ name, notAfter }) => ({ name, notAfter })),
  };
}

async function issueServerLeaf(spec: ClusterSpec, signer: LeafSigner, stored: Leaf | undefined): Promise<LeafIssue> {
  return await signer.reuseOrIssue({
    name: `server certificate of ${spec.name}`,
    stored,
    wanted: (bundle) => describeServerLeaf(spec, bundle),
  });
}

async function issueLeaf(
  signer: LeafSigner,
  name: string,
  stored: Leaf | undefined,
  wanted: WantedLeaf,
): Promise<LeafIssue> {
  return await signer.reuseOrIssue({ name, stored, wanted: () => wanted });
}

/** Returns the wanted content of the server certificate. `bundle` is the CA that signs it, with the CAs above it. */
function describeServerLeaf(spec: ClusterSpec, bundle: readonly Certificate[]): WantedLeaf {
  const names = selectServerNames(spec, bundle);
  return { commonName: spec.name, usages: ['serverAuth'], keyAlgorithm: spec.keyAlgorithm, ...names };
}

function describeRouteLeaf(spec: ClusterSpec, pod: string): WantedLeaf {
  const names = listRouteNames(pod, spec.namespace);
  return { commonName: pod, usages: ['serverAuth', 'clientAuth'], keyAlgorithm: spec.keyAlgorithm, ...names };
}

/**
 * Returns the wanted content of a client certificate. Its common name is the user, by which `verify_and_map` finds a
 * client.
 */
function describeClientLeaf(spec: ClusterSpec, user: string): WantedLeaf {
  const names = { dnsNames: [], ipAddresses: [] };
  return { commonName: user, usages: ['clientAuth'], keyAlgorithm: spec.keyAlgorithm, ...names };
}

/** Adds the cross-signed certificate to the server certificate while clients may still trust only the previous CA. */
function addCrossCertificate(leaf: Leaf, track: Track<StoredCa>): Leaf {
  const needsCrossCertificate = track.phase === 'swap-leaves' || track.phase === 'overlap';
  return needsCrossCertificate
    ? { ...leaf, certificate: `${leaf.certificate}${selectPresented(track).cross ?? ''}` }
    : leaf;
}

function buildTrust(track: Track<StoredCa>): string {
  const [first, ...others] = listAccepted(track).flatMap(({ certificate }) => parseCertificates(certificate, 'ca.crt'));
  return first === undefined ? '' : bundleTrust(first, ...others);
}

function convertUserProvided(name: string, userProvided: UserProvidedCertificates['server']): LeafIssue {
  const leaf = { certificate: userProvided?.certificate ?? '', privateKey: userProvided?.privateKey ?? '' };
  return { name: `user-provided ${name}`, leaf, notAfter: userProvided?.notAfter ?? new Date(0) };
}

function mapByName(names: readonly string[], issues: readonly LeafIssue[]): Readonly<Record<string, Leaf>> {
  return Object.fromEntries(issues.map(({ leaf }, index) => [names[index] ?? '', leaf]));
}

/**
 * Returns the error about certificates that cannot be issued as the inputs ask before `nextPhaseAt`: the key of their
 * CA is not available, and clients do not trust the next CA yet.
 */
export function postponedError(
  postponed: readonly PostponedIssue[],
  nextPhaseAt: Date | undefined,
): ActionError<'CHANGE_FORBIDDEN'> {
  const problems = listPostponed(postponed);
  const until = nextPhaseAt === undefined ? 'before the new CA signs' : `before ${formatDate(nextPhaseAt)}`;
  const message = `${problems.map((problem) => problem.message).join('; ')}. It cannot be issued ${until}: the key of the present CA is not available, and clients are still learning to trust the new CA (rotation phase trust-both)`;
  return new ActionError('CHANGE_FORBIDDEN', message, {
    reason: 'CertificatePostponed',
    hint: HINT,
    details: { problems },
  });
}

/** Returns one problem for each certificate that is kept although the inputs ask for another one. */
export function listPostponed(postponed: readonly PostponedIssue[]): readonly ObjectProblem[] {
  return postponed.map(({ name, message }) => {
    return { object: name, reason: 'CertificatePostponed', message: `${name} ${message}` };
  });
}

const HINT =
  'Nothing was changed. Choose one: run the job again after that time; or, if the present CA is your own, give its `ca-certificate` and `ca-private-key`; or run the job with `ca-overlap: 0s` (and with `ca-certificate` and `ca-private-key` of the new CA, if that one is your own), which disconnects clients that have not read the new `ca.crt` from the client Secret yet.';
