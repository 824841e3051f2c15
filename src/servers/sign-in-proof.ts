import { randomBytes } from 'node:crypto';
import { nkeys } from '@nats-io/nats-core';
import { connectServer, type SignIn, type UserProof } from './connection.ts';
import type { ServerTarget } from './dial.ts';
import { createFailedCheck, createUnknown, type FailedCheckReason, type Proof } from './knock.ts';

/** Verifies that the server refuses `user` with a random password. */
export async function verifyWrongPasswordRefused(target: ServerTarget & { readonly user: string }): Promise<Proof> {
  const signIn = { user: target.user, password: randomBytes(24).toString('base64url') };
  return await verifyRefused(
    target,
    signIn,
    'WrongPasswordAccepted',
    `user ${target.user} can log in with a wrong password`,
  );
}

/** Verifies that the server refuses a client without credentials. */
export async function verifyNobodyRefused(target: ServerTarget): Promise<Proof> {
  return await verifyRefused(target, {}, 'NobodyAccepted', 'a client without credentials can log in');
}

/** Verifies that the server refuses a client with a valid user JWT but without the key of that user. */
export async function verifyWrongKeyRefused(target: ServerTarget, { jwt }: Pick<UserProof, 'jwt'>): Promise<Proof> {
  const seed = seedOf(nkeys.createUser());
  return await verifyRefused(
    target,
    { jwt, seed },
    'WrongKeyAccepted',
    'a client can log in with a user JWT and the key of another user',
  );
}

/** Verifies that the server refuses a user of a newly generated account, which no operator signed. */
export async function verifyForgedJwtRefused(target: ServerTarget): Promise<Proof> {
  return await verifyRefused(
    target,
    forgeUser(),
    'ForgedJwtAccepted',
    'a user of an account that no operator signed can log in',
  );
}

async function verifyRefused(
  target: ServerTarget,
  signIn: SignIn,
  reason: FailedCheckReason,
  message: string,
): Promise<Proof> {
  const connected = await connectServer({ ...target, ...signIn });
  if (connected.ok) {
    await connected.value.close();
    return createFailedCheck(reason, message);
  }
  return connected.failure.reason === 'AuthorizationViolation'
    ? { kind: 'verified' }
    : createUnknown(connected.failure);
}

/**
 * Builds a complete user JWT with a valid signature, for a user of an unknown account (github.com/nats-io/jwt v2,
 * `UserClaims`).
 */
function forgeUser(): UserProof {
  const [account, user] = [nkeys.createAccount(), nkeys.createUser()];
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    jti: randomBytes(20).toString('hex'),
    iat: Math.floor(Date.now() / 1000),
    iss: account.getPublicKey(),
    name: 'nobody',
    sub: user.getPublicKey(),
    nats: { pub: {}, sub: {}, subs: -1, data: -1, payload: -1, type: 'user', version: 2 },
  };
  const body = `${encoded({ typ: 'JWT', alg: 'ed25519-nkey' })}.${encoded(claims)}`;
  const signature = Buffer.from(account.sign(Buffer.from(body))).toString('base64url');
  return { jwt: `${body}.${signature}`, seed: seedOf(user) };
}

function seedOf(pair: ReturnType<typeof nkeys.createUser>): string {
  return new TextDecoder().decode(pair.getSeed());
}
