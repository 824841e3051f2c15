import type { ServerFailure } from './failure.ts';

/**
 * What a probe from outside showed. `unknown`: nothing was shown, because the server couldn't be asked; asking again
 * may help, while a disproof is an answer.
 */
export type Proof =
  | { readonly kind: 'proved' }
  | { readonly kind: 'disproved'; readonly reason: DisproofReason; readonly message: string }
  | { readonly kind: 'unknown'; readonly failure: ServerFailure };

type DisproofReason =
  | 'LeafRefused'
  | 'ForeignLeafAccepted'
  | 'ServerCertificateRefused'
  | 'PlaintextAccepted'
  | 'WrongPasswordAccepted'
  | 'MessagesMissing'
  | 'PublishForbidden';

export function disproved(reason: DisproofReason, message: string): Proof {
  return { kind: 'disproved', reason, message };
}

export function unknown(failure: ServerFailure): Proof {
  return { kind: 'unknown', failure };
}
