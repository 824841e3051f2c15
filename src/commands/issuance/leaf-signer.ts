import type { ClusterSpec } from '../../cluster/spec.ts';
import type { Authority as StoredAuthority } from '../../manifests/material.ts';
import type { Authority } from '../../pki/authority.ts';
import { type Certificate, parseCertificates } from '../../pki/certificate.ts';
import { presentedBy, type Track } from '../../rotation/track.ts';
import { type Purpose, signingAuthority } from './signing.ts';

/** An authority that issues leaves, read once for all of them. */
export type LeafSigner = {
  readonly purpose: Purpose;
  readonly track: Track<StoredAuthority>;
  /** The presented one, then the one that signs, where that is another. */
  readonly certificates: readonly Certificate[];
  /** Whether what signs is presented by no server yet. */
  readonly isSuccessor: boolean;
  /** For what it is needed. @throws ActionError PKI_INVALID when its key is unusable or not at hand. */
  readonly authority: (what: string) => Authority;
};

export function leafSigner(spec: ClusterSpec, purpose: Purpose, track: Track<StoredAuthority>): LeafSigner {
  const [presented, signer] = [presentedBy(track), signerOf(track)];
  let authority: Authority | undefined;
  return {
    purpose,
    track,
    certificates: [...new Set([presented, signer])].flatMap(({ certificate }) => {
      const [own] = parseCertificates(certificate, 'ca.crt');
      return own ?? [];
    }),
    isSuccessor: signer !== presented,
    authority: (what) => {
      authority ??= signingAuthority(spec, purpose, signer, what);
      return authority;
    },
  };
}

/** Returns the CA that signs: the presented one, or its successor when the key of the presented one is not available. */
export function signerOf(track: Track<StoredAuthority>): StoredAuthority {
  const isKeyless = presentedBy(track).privateKey === undefined;
  return track.phase === 'trust-both' && isKeyless ? track.next : presentedBy(track);
}
