import { type Authenticator, nkeys } from '@nats-io/nats-core';

/** A user JWT, and the nkey seed of that user, which signs the nonce of the server and is never sent. */
export type UserProof = { readonly jwt: string; readonly seed: string };

/**
 * Builds an authenticator for the user of a JWT. The library's own authenticator also sends the public key, which the
 * JWT contains anyway: with it, releases before nats-io/nats-server#8609 disconnect the client at each reload, and the
 * answer to the reload request is lost.
 */
export function jwtAuthenticator({ jwt, seed }: UserProof): Authenticator {
  const pair = nkeys.fromSeed(new TextEncoder().encode(seed));
  return (nonce = '') => ({ jwt, sig: Buffer.from(pair.sign(new TextEncoder().encode(nonce))).toString('base64url') });
}
