import { randomBytes } from 'node:crypto';
import type { ClusterSpec } from '../../../src/cluster/spec.ts';
import { type GivenCa, prepareCas } from '../../../src/commands/issuance/cas.ts';
import { type HeldLeaves, type Issued, issueCertificates } from '../../../src/commands/issuance/issuance.ts';
import type { IssuancePolicy } from '../../../src/commands/issuance/leaf-signer.ts';
import type { UserProvidedCertificates } from '../../../src/commands/issuance/user-provided.ts';
import type { Ca, Cas, Leaf } from '../../../src/manifests/material.ts';
import type { StoredMaterial } from '../../../src/manifests/stored-material.ts';
import { type Certificate, parseCertificates } from '../../../src/pki/certificate.ts';
import { issueCaCertificate } from '../../../src/pki/issue.ts';
import { computeValidity } from '../../../src/pki/signed-certificate.ts';
import type { Track } from '../../../src/rotation/track.ts';
import { storedMaterial } from './stored-material.ts';

export const DAY_MS = 86_400_000;
export const NOW = new Date('2026-03-01T12:00:00Z');
export const AUTHORITY_TERMS = { now: NOW, caValidityMs: 1825 * DAY_MS } as const;

const NOTHING_HELD: HeldLeaves = { server: undefined, routes: {}, clients: {} };
const NOTHING_PROVIDED: UserProvidedCertificates = { server: undefined, route: undefined };

export type IssueOptions = Partial<Omit<IssuancePolicy, 'now'>> & {
  /** The time of the issuance, in days after `NOW`. */
  readonly days?: number;
  readonly held?: HeldLeaves;
  readonly clients?: readonly string[];
  readonly userProvided?: UserProvidedCertificates;
};

/** Issues the certificates of a deployment with these CAs. */
export async function issueWith(
  spec: ClusterSpec,
  authorities: Cas,
  { days = 0, held = NOTHING_HELD, clients = [], userProvided = NOTHING_PROVIDED, ...terms }: IssueOptions = {},
): Promise<Issued> {
  return await issueCertificates(spec, { authorities, clients, userProvided }, held, {
    now: new Date(NOW.getTime() + days * DAY_MS),
    certificateValidityMs: 90 * DAY_MS,
    renewBeforeMs: 30 * DAY_MS,
    forced: new Set([]),
    ...terms,
  });
}

/** Issues the certificates with the CAs that follow from the stored ones. */
export async function issue(
  spec: ClusterSpec,
  stored: StoredMaterial = storedMaterial(),
  { given, ...options }: IssueOptions & { readonly given?: GivenCa } = {},
): Promise<Issued> {
  const terms = { ...AUTHORITY_TERMS, given, isRunning: true };
  return await issueWith(spec, await prepareCas(spec, stored, terms), { held: stored, ...options });
}

/** Makes a CA as a user provides it. */
export async function makeUserCa(commonName = 'company'): Promise<GivenCa> {
  const serial = randomBytes(16);
  const request = { commonName, keyAlgorithm: 'ecdsa-p256', pathLength: 1, serial } as const;
  const { certificatePem, privateKeyPem } = await issueCaCertificate({
    ...request,
    ...computeValidity(NOW, 1825 * DAY_MS),
  });
  return { certificate: certificatePem, privateKey: privateKeyPem };
}

/** Parses the certificates of a PEM bundle. */
export function certificatesOf(pem: string): readonly Certificate[] {
  return parseCertificates(pem, 'test');
}

export function certificateOf(pem: string): Certificate {
  const [first] = certificatesOf(pem);
  if (first === undefined) throw new Error('no certificate');
  return first;
}

/** Returns the present CA; throws an error if a user-provided Secret holds the certificates. */
export function currentOf(track: Track<Ca> | undefined): Ca {
  if (track === undefined) throw new Error('no authority');
  return track.current;
}

/** Returns every leaf certificate by a name of its own. */
export function leavesOf({ certificates }: Issued): Readonly<Record<string, Leaf>> {
  const clients = Object.entries(certificates.clients).map(([name, leaf]) => [`client ${name}`, leaf] as const);
  return { server: certificates.server, ...certificates.routes, ...Object.fromEntries(clients) };
}

/**
 * Returns the names of the leaf certificates that were replaced. A change of the chain after the certificate does not
 * count.
 */
export function renewedLeaves(before: Issued, after: Issued): readonly string[] {
  const old = leavesOf(before);
  return Object.entries(leavesOf(after))
    .filter(([name, { certificate }]) => {
      const known = old[name];
      return known !== undefined && certificateOf(known.certificate).pem !== certificateOf(certificate).pem;
    })
    .map(([name]) => name);
}
