import type { ClusterSpec } from '../../cluster/spec.ts';
import { listRouteNames } from '../../cluster/subject-alt-names.ts';
import type { Ca as StoredAuthority } from '../../manifests/material.ts';
import type { Ca } from '../../pki/ca.ts';
import { type Certificate, parseCertificates } from '../../pki/certificate.ts';
import type { ExtendedKeyUsage } from '../../pki/extensions.ts';
import type { WantedLeaf } from '../../pki/reissue.ts';
import { selectPresented, type Track } from '../../rotation/track.ts';
import { selectServerNames } from './cas.ts';
import { type Purpose, requireUsableCa } from './signing.ts';

/** A CA that issues leaf certificates. */
export type LeafSigner = {
  readonly purpose: Purpose;
  readonly track: Track<StoredAuthority>;
  /** The presented CA, then the signing CA if that is another one; each with the CAs above it. */
  readonly bundles: readonly (readonly [Certificate, ...Certificate[]])[];
  /** Whether no server presents certificates of the signing CA yet. */
  readonly isSuccessor: boolean;
  /**
   * Returns the signing CA with its key.
   * @throws ActionError PKI_INVALID when its key is unusable or missing, or when peers would refuse the certificates
   * that it signs.
   */
  readonly requireCa: (what: string, usages: readonly ExtendedKeyUsage[]) => Ca;
};

export function createLeafSigner(
  spec: ClusterSpec,
  purpose: Purpose,
  { track, now }: { readonly track: Track<StoredAuthority>; readonly now: Date },
): LeafSigner {
  const [presented, signer] = [selectPresented(track), selectSigner(track, now)];
  const usable = new Map<string, Ca>();
  return {
    purpose,
    track,
    bundles: [...new Set([presented, signer])].flatMap(({ certificate }) => {
      const [own, ...above] = parseCertificates(certificate, 'ca.crt');
      return own === undefined ? [] : [[own, ...above] as const];
    }),
    isSuccessor: signer !== presented,
    requireCa: (what, usages) => {
      const key = usages.join(' ');
      const authority = usable.get(key) ?? requireUsableCa(spec, purpose, signer, { now, usages, what });
      usable.set(key, authority);
      return authority;
    },
  };
}

/**
 * Returns the CA that signs: the presented one, or its successor when the key of the presented one is not available or
 * the presented one has expired.
 */
export function selectSigner(track: Track<StoredAuthority>, now: Date): StoredAuthority {
  const { certificate, privateKey } = selectPresented(track);
  const isExpired = (): boolean => {
    const [own] = parseCertificates(certificate, 'ca.crt');
    return own !== undefined && own.notAfter.getTime() <= now.getTime();
  };
  return track.phase === 'trust-both' && (privateKey === undefined || isExpired())
    ? track.next
    : selectPresented(track);
}

/** Returns the wanted content of the server certificate. `bundle` is the CA that signs it, with the CAs above it. */
export function describeServerLeaf(spec: ClusterSpec, bundle: readonly Certificate[]): WantedLeaf {
  const names = selectServerNames(spec, bundle);
  return { commonName: spec.name, usages: ['serverAuth'], keyAlgorithm: spec.keyAlgorithm, ...names };
}

export function describeRouteLeaf(spec: ClusterSpec, pod: string): WantedLeaf {
  const names = listRouteNames(pod, spec.namespace);
  return { commonName: pod, usages: ['serverAuth', 'clientAuth'], keyAlgorithm: spec.keyAlgorithm, ...names };
}

/**
 * Returns the wanted content of a client certificate. Its common name is the user, by which `verify_and_map` finds a
 * client.
 */
export function describeClientLeaf(spec: ClusterSpec, user: string): WantedLeaf {
  const names = { dnsNames: [], ipAddresses: [] };
  return { commonName: user, usages: ['clientAuth'], keyAlgorithm: spec.keyAlgorithm, ...names };
}
