import type { ServerFailure } from './failure.ts';
import type { PeerCertificate } from './tls.ts';

/**
 * What a probe from outside showed. `unknown`: nothing was shown, because the server couldn't be asked; asking again
 * may help, while a disproof is an answer.
 */
export type Proof =
  | { readonly kind: 'proved' }
  | { readonly kind: 'disproved'; readonly reason: DisproofReason; readonly message: string }
  | { readonly kind: 'unknown'; readonly failure: ServerFailure };

/** As `Proof`, with the certificate the server presented. */
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
