import type { ServerFailure } from './failure.ts';
import type { PeerCertificate } from './tls.ts';

/**
 * The result of a check from outside. `unknown` means that the server could not be asked, so a repetition may help;
 * `disproved` is a final answer.
 */
export type Proof =
  | { readonly kind: 'proved' }
  | { readonly kind: 'disproved'; readonly reason: DisproofReason; readonly message: string }
  | { readonly kind: 'unknown'; readonly failure: ServerFailure };

/** The result like `Proof`, with the certificate that the server presented. */
export type TrustProof =
  | Exclude<Proof, { kind: 'proved' }>
  | { readonly kind: 'proved'; readonly certificate: PeerCertificate };

export type DisproofReason =
  | 'LeafRefused'
  | 'ForeignLeafAccepted'
  | 'MissingLeafAccepted'
  | 'OtherCertificate'
  | 'ServerCertificateRefused'
  | 'PlaintextAccepted'
  | 'WrongPasswordAccepted'
  | 'NobodyAccepted'
  | 'WrongKeyAccepted'
  | 'ForgedJwtAccepted'
  | 'MessagesMissing'
  | 'PublishForbidden';

export function disproved(reason: DisproofReason, message: string): Proof {
  return { kind: 'disproved', reason, message };
}

export function unknown(failure: ServerFailure): Proof {
  return { kind: 'unknown', failure };
}
