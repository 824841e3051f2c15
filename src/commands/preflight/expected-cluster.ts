import type { X509Certificate } from 'node:crypto';
import { getCACertificates } from 'node:tls';
import { ActionError } from '../../errors/action-error.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import { type ExpectedCluster, normalizeServer } from '../../inputs/rows/target.ts';
import type { ClusterConnection } from '../../kubernetes/cluster-connection.ts';
import { type Endpoint, fingerprintOf, isConfidential, splitCertificates } from '../../kubernetes/endpoint.ts';
import type { KubeconfigOrigin } from '../../kubernetes/kubeconfig-part.ts';

/**
 * Binds a connection to the expected cluster. The result verifies the server on every connection, before any credential
 * is read or sent. If the CA is given by its fingerprint, the result accepts only certificates of this CA, even if the
 * kubeconfig lists other CAs.
 * @throws ActionError CLUSTER_MISMATCH when the kubeconfig leads to another cluster, or to one that cannot be verified.
 */
export function bindExpectedCluster(
  connection: ClusterConnection,
  expected: ExpectedCluster | undefined,
): ClusterConnection {
  if (expected === undefined) {
    return connection;
  }
  requireVerifiable(connection, expected);
  if (expected.kind === 'ca-fingerprint') {
    const endpoint = pinCa(connection.endpoint, expected.sha256);
    return { ...connection, endpoint, isVerifiedFirst: true, expectedCa: expected.sha256 };
  }
  if (normalizeServer(connection.server) !== expected.url) {
    throw mismatchError(expected.url, connection.server);
  }
  return { ...connection, isVerifiedFirst: connection.server.startsWith('https:') };
}

/** Refuses settings that let another server answer in place of the expected one. */
function requireVerifiable({ endpoint, server }: ClusterConnection, { kind }: ExpectedCluster): void {
  const isPlain = server.startsWith('http:');
  if (endpoint.isInsecure) {
    throw notVerifiableError(
      'the kubeconfig sets `insecure-skip-tls-verify`',
      'Remove it, and set `certificate-authority-data`.',
    );
  }
  if (isPlain && (kind === 'ca-fingerprint' || !isConfidential(endpoint))) {
    throw notVerifiableError(
      `\`server\` of the kubeconfig is ${server}, which has no certificate`,
      'Use an https URL.',
    );
  }
  if (kind === 'url' && endpoint.tlsServerName !== undefined) {
    throw notVerifiableError(
      `the kubeconfig sets \`tls-server-name: ${endpoint.tlsServerName}\`, so that its URL does not say which server answers`,
      'Set `expected-cluster` to the SHA-256 fingerprint of the cluster’s CA.',
    );
  }
}

/**
 * Returns the endpoint with only the expected CA and the CAs below it, so that no other CA can vouch for the server.
 */
function pinCa(endpoint: Endpoint, sha256: string): Endpoint {
  const listed =
    endpoint.ca === undefined
      ? getCACertificates('default').flatMap(splitCertificates)
      : splitCertificates(endpoint.ca);
  const expected = listed.find((certificate) => fingerprintOf(certificate) === sha256);
  if (expected === undefined) {
    const known = endpoint.ca === undefined ? 'the CAs that the runner trusts' : listed.map(fingerprintOf).join(', ');
    throw mismatchError(`CA ${sha256}`, `${endpoint.server} with ${known}`);
  }
  const ca = findIssuedBelow(expected, listed)
    .map((certificate) => certificate.toString())
    .join('');
  return { ...endpoint, ca };
}

/** Returns a CA and the other CAs below it, because servers may leave out intermediate certificates. */
function findIssuedBelow(ca: X509Certificate, others: readonly X509Certificate[]): readonly X509Certificate[] {
  const found = [ca];
  for (const issuer of found) {
    const issued = others.filter(
      (other) => other.ca && !found.includes(other) && other.checkIssued(issuer) && other.verify(issuer.publicKey),
    );
    found.push(...issued);
  }
  return found;
}

function mismatchError(wanted: string, actual: string): ActionError<'CLUSTER_MISMATCH'> {
  return new ActionError('CLUSTER_MISMATCH', `expected-cluster is ${wanted}, but the kubeconfig leads to ${actual}`, {
    hint: 'Check `kubeconfig` and `context` of this step. No credentials were sent, and nothing was changed.',
    details: { expected: wanted, actual },
  });
}

function notVerifiableError(because: string, hint: string): ActionError<'CLUSTER_MISMATCH'> {
  return new ActionError('CLUSTER_MISMATCH', `expected-cluster cannot be verified because ${because}`, {
    reason: 'NotVerifiable',
    hint: `${hint} No credentials were sent, and nothing was changed.`,
    details: { expected: 'a server that proves who it is', actual: because },
  });
}

/** Returns the cluster that a step talks to and the origin of the kubeconfig, in one line. */
export function describeCluster({ server, context, origin }: ClusterConnection): string {
  return `Kubernetes cluster ${server} (context ${context}, ${describeOrigin(origin)})`;
}

function describeOrigin(origin: KubeconfigOrigin): string {
  switch (origin.kind) {
    case 'input':
      return `kubeconfig from input kubeconfig${origin.path === undefined ? '' : `: ${origin.path}`}`;
    case 'environment':
      return `kubeconfig from KUBECONFIG: ${origin.paths.join(', ')}`;
    case 'home':
      return `kubeconfig from the home folder: ${origin.path}`;
    case 'pod':
      return 'credentials of the service account of this pod';
  }
}

/** The commands whose only purpose is to delete. */
const DESTRUCTIVE: readonly Inputs['command'][] = ['delete', 'prune'];

/**
 * Checks a kubeconfig that the user did not name. An empty input, for example of a secret that does not exist, falls
 * back to the home folder, which on a self-hosted runner may lead to the cluster of the runner's owner. Returns a
 * warning.
 * @throws ActionError INPUT_INVALID for commands that delete, unless `expected-cluster` says which cluster is meant.
 */
export function checkOrigin(
  { command, hasExpectedCluster }: { readonly command: Inputs['command']; readonly hasExpectedCluster: boolean },
  { origin, server }: ClusterConnection,
): string | undefined {
  if (origin.kind !== 'home' || hasExpectedCluster) {
    return undefined;
  }
  const situation = `input kubeconfig is empty and KUBECONFIG is not set, so the kubeconfig would be ${origin.path}`;
  const correction = 'kubeconfig: ~/.kube/config';
  if (DESTRUCTIVE.includes(command)) {
    const message = `\`command: ${command}\` needs a kubeconfig that is named: ${situation}, which leads to ${server}`;
    throw new ActionError('INPUT_INVALID', `kubeconfig: ${message}`, {
      reason: 'KubeconfigNotNamed',
      hint: `Check that the secret of the input \`kubeconfig\` exists. If ${origin.path} is meant, add: ${correction}`,
      details: { violations: [{ input: 'kubeconfig', message, correction }] },
    });
  }
  return `input kubeconfig is empty and KUBECONFIG is not set, so the kubeconfig is ${origin.path}, which leads to ${server}. If this is meant, add: ${correction} (or set expected-cluster)`;
}
