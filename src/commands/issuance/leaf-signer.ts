import { randomBytes } from 'node:crypto';
import type { ClusterSpec } from '../../cluster/spec.ts';
import type { Leaf, Ca as StoredCa } from '../../manifests/material.ts';
import { type Certificate, parseCertificates } from '../../pki/certificate.ts';
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
import { type Purpose, requireUsableCa } from './signing.ts';

export type IssuancePolicy = {
  readonly now: Date;
  readonly certificateValidityMs: number;
  readonly renewBeforeMs: number;
  /** The CAs whose leaf certificates are replaced whether they are due or not. */
  readonly forced: ReadonlySet<Purpose>;
};

/** A leaf certificate. `reason` says why it was issued; `postponed` says how a kept one differs from the inputs. */
export type LeafIssue = {
  readonly name: string;
  readonly leaf: Leaf;
  readonly reason?: string;
  readonly postponed?: string;
  readonly notAfter: Date;
};

/** The wanted leaf certificate, and the one that exists. */
type LeafRequest = {
  readonly name: string;
  readonly stored: Leaf | undefined;
  /** Returns the wanted content of the certificate. `bundle` is the CA that signs, with the CAs above it. */
  readonly wanted: (bundle: readonly Certificate[]) => WantedLeaf;
};

/** A CA with the CAs above it. */
type Bundle = readonly [Certificate, ...Certificate[]];

/** A CA with its key, whose certificates peers accept. */
type UsableCa = ReturnType<typeof requireUsableCa>;

/** The reasons to issue a leaf certificate again that leave the present one usable for now. */
const MAY_WAIT: ReadonlySet<ReissueReason> = new Set(['Due', 'NamesDiffer', 'UsagesDiffer', 'AlgorithmDiffers']);

/** A CA that issues leaf certificates. */
export class LeafSigner {
  readonly #spec: ClusterSpec;
  readonly #purpose: Purpose;
  readonly #track: Track<StoredCa>;
  readonly #policy: IssuancePolicy;
  readonly #signer: StoredCa;
  /** The presented CA, then the signing CA if that is another one. */
  readonly #bundles: readonly Bundle[];
  /** The signing CA with its key, by the usages for which it was checked. */
  readonly #usable = new Map<string, UsableCa>();

  constructor(spec: ClusterSpec, purpose: Purpose, track: Track<StoredCa>, policy: IssuancePolicy) {
    [this.#spec, this.#purpose, this.#track, this.#policy] = [spec, purpose, track, policy];
    this.#signer = selectSigner(track, policy.now);
    this.#bundles = [...new Set([selectPresented(track), this.#signer])].flatMap(({ certificate }) => {
      const [own, ...above] = parseCertificates(certificate, 'ca.crt');
      return own === undefined ? [] : [[own, ...above] as const];
    });
  }

  /**
   * Keeps the stored certificate if it is still usable, and issues another one otherwise.
   * @throws ActionError PKI_INVALID when the key of the CA is unusable or missing, or when peers would refuse the
   * certificates that it signs.
   */
  async reuseOrIssue(request: LeafRequest): Promise<LeafIssue> {
    const { stored, wanted } = request;
    const { renewBeforeMs, forced } = this.#policy;
    const leaf = readStoredLeaf(stored?.certificate, stored?.privateKey);
    const violations = this.#bundles.map((bundle) => this.#findViolation(leaf, wanted, bundle, renewBeforeMs));
    // Until every peer trusts a successor, it signs only certificates that cannot wait.
    const isSuccessor = this.#signer !== selectPresented(this.#track);
    const mayWait = isSuccessor && violations[0] !== undefined && MAY_WAIT.has(violations[0].reason);
    const isKept = (mayWait || violations.includes(undefined)) && !forced.has(this.#purpose);
    return isKept && stored !== undefined && leaf.state === 'present'
      ? this.#keep({ ...request, stored }, leaf, mayWait)
      : await this.#issue(request, violations[0]?.message ?? 'is replaced because of `force`');
  }

  #findViolation(leaf: StoredLeaf, wanted: LeafRequest['wanted'], bundle: Bundle, renewBeforeMs: number) {
    const { now } = this.#policy;
    return checkStoredLeaf({ leaf, wanted: wanted(bundle), ca: bundle[0], now, renewBeforeMs });
  }

  #keep({ name, stored, wanted }: LeafRequest & { stored: Leaf }, leaf: PresentLeaf, mayWait: boolean): LeafIssue {
    const certificate = buildOwnChain(leaf, this.#track);
    const [presented] = this.#bundles;
    // Without a renewal period, because a certificate that is due could otherwise hide that it differs from the inputs.
    const differs = mayWait && presented && this.#findViolation(leaf, wanted, presented, 0);
    const kept = { name, leaf: { ...stored, certificate }, notAfter: leaf.certificate.notAfter };
    return differs ? { ...kept, postponed: differs.message } : kept;
  }

  async #issue({ name, wanted }: LeafRequest, reason: string): Promise<LeafIssue> {
    const { now, certificateValidityMs } = this.#policy;
    const ca = this.#requireCa(`${name} (${reason})`, wanted([]).usages);
    const request = wanted([ca.certificate, ...ca.chain]);
    const lifetime = computeValidity(now, certificateValidityMs, ca.certificate.notAfter);
    const { certificatePem, privateKeyPem } = await issueLeaf(ca, {
      commonName: request.commonName,
      subjectAltNames: request,
      usages: request.usages,
      keyAlgorithm: this.#spec.keyAlgorithm,
      serial: randomBytes(16),
      ...lifetime,
    });
    const leaf = { certificate: certificatePem, privateKey: privateKeyPem };
    return { name, leaf, reason, notAfter: lifetime.notAfter };
  }

  #requireCa(certificateName: string, usages: WantedLeaf['usages']): UsableCa {
    const key = usages.join(' ');
    const { now } = this.#policy;
    const known = this.#usable.get(key);
    const ca = known ?? requireUsableCa(this.#spec, this.#purpose, this.#signer, { now, usages, certificateName });
    this.#usable.set(key, ca);
    return ca;
  }
}

/**
 * Returns the CA that signs: the presented one, or its successor when the key of the presented one is not available or
 * the presented one has expired.
 */
export function selectSigner(track: Track<StoredCa>, now: Date): StoredCa {
  const { certificate, privateKey } = selectPresented(track);
  const isExpired = (): boolean => {
    const [own] = parseCertificates(certificate, 'ca.crt');
    return own !== undefined && own.notAfter.getTime() <= now.getTime();
  };
  return track.phase === 'trust-both' && (privateKey === undefined || isExpired())
    ? track.next
    : selectPresented(track);
}

type PresentLeaf = StoredLeaf & { state: 'present' };

/**
 * Returns the stored leaf certificate with the CAs between it and the CA that peers trust. Cross-signed certificates
 * are left out; `addCrossCertificate` adds the one that the server certificate still needs.
 */
function buildOwnChain(leaf: PresentLeaf, track: Track<StoredCa>): string {
  const crosses = listAccepted(track).flatMap(({ cross }) =>
    cross === undefined ? [] : parseCertificates(cross, 'ca.crt'),
  );
  const dropped = new Set(crosses.map(({ fingerprint256 }) => fingerprint256));
  const kept = leaf.intermediates.filter(({ fingerprint256 }) => !dropped.has(fingerprint256));
  return [leaf.certificate, ...kept].map(({ pem }) => pem).join('');
}
