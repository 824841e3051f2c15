import type { ClusterSpec, SubjectAltNames } from '../../cluster/spec.ts';
import { neededServerNames, serverSubjectAltNames } from '../../cluster/subject-alt-names.ts';
import { ActionError } from '../../errors.ts';
import type { Authority as StoredAuthority } from '../../manifests/material.ts';
import type { Authority } from '../../pki/authority.ts';
import { type Certificate, parseCertificates } from '../../pki/certificate.ts';
import { divideNames } from '../../pki/permitted-names.ts';
import { acceptedBy, type Track } from '../../rotation/track.ts';

/**
 * Returns the names of the server certificate. Names that its CA may not certify and that the NATS cluster can do
 * without are left out. Needed names stay, and the CA refuses to sign them. `bundle` is the CA with the CAs above it.
 */
export function certifiableServerNames(spec: ClusterSpec, bundle: readonly Certificate[]): SubjectAltNames {
  const all = serverSubjectAltNames(spec);
  const omitted = new Set(omittedNames(spec, bundle));
  const isKept = (name: string): boolean => !omitted.has(name);
  return { dnsNames: all.dnsNames.filter(isKept), ipAddresses: all.ipAddresses.filter(isKept) };
}

function omittedNames(spec: ClusterSpec, bundle: readonly Certificate[]): readonly string[] {
  const needed = neededServerNames(spec);
  const isNeeded = (name: string): boolean => needed.dnsNames.includes(name) || needed.ipAddresses.includes(name);
  return divideNames(bundle, serverSubjectAltNames(spec)).forbidden.filter((name) => !isNeeded(name));
}

/** Returns the names that the server certificate lacks, or will after a rotation, because its CA may not certify them. */
export function omittedServerNames(spec: ClusterSpec, client: Track<StoredAuthority> | undefined): readonly string[] {
  const bundles = client === undefined ? [] : acceptedBy(client).map(({ certificate }) => certificate);
  return [...new Set(bundles.flatMap((bundle) => omittedNames(spec, parseCertificates(bundle, 'ca.crt'))))];
}

/** Returns one line about omitted names and their effect on clients; no line when no name is omitted. */
export function omittedNamesLines(omitted: readonly string[]): readonly string[] {
  if (omitted.length === 0) return [];
  const names = omitted.join(', ');
  return [
    `The name constraints of ca-certificate do not permit every name that the server certificate usually holds, so it is issued without ${names}. Clients that connect by one of these names cannot verify the servers: use the names in output url.`,
  ];
}

/**
 * Refuses a CA that may not certify the needed names.
 * @throws ActionError PKI_INVALID naming `ca-certificate` and every needed name that it may not certify.
 */
export function requireNeededNames(spec: ClusterSpec, { certificate, chain }: Authority): void {
  const { forbidden } = divideNames([certificate, ...chain], neededServerNames(spec));
  if (forbidden.length === 0) {
    return;
  }
  const asked = [...spec.subjectAltNames.dnsNames, ...spec.subjectAltNames.ipAddresses];
  const removable = forbidden.filter((name) => asked.includes(name));
  const own = forbidden.some((name) => !asked.includes(name))
    ? [`use a CA whose name constraints permit ${spec.namespace}.svc, which the servers are reached by`]
    : [];
  const given = removable.length === 0 ? [] : [`remove ${removable.join(', ')} from subject-alt-names`];
  const message = `ca-certificate: the name constraints of ${certificate.subject} or of a CA above it do not permit names that the server certificate needs: ${forbidden.join(', ')}`;
  const advice = [...own, ...given].join('; ');
  throw new ActionError('PKI_INVALID', message, {
    reason: 'NameNotPermitted',
    hint: `${advice.charAt(0).toUpperCase()}${advice.slice(1)}.`,
    details: { field: 'ca-certificate' },
  });
}
