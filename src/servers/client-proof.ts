import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { connectServer, type ServerTarget } from './connection.ts';
import { withDeadline } from './deadline.ts';
import { dialStream } from './dial.ts';
import { fail, type ServerResult, socketFailure, succeed } from './failure.ts';
import { disproved, type Proof, unknown } from './proof.ts';
import { readGreeting } from './server-info.ts';

type PlaintextTarget = Pick<ServerTarget, 'dial' | 'signal' | 'timeoutMs'>;

/** Proves that the client port answers no NATS command before TLS. No credentials are sent. */
export async function provePlaintextRefused(target: PlaintextTarget): Promise<Proof> {
  const answer = await withDeadline(target.signal, target.timeoutMs, 'the plaintext probe', async (ended) => {
    const dialled = await dialStream(target.dial, 4222, ended);
    if (!dialled.ok) {
      return dialled;
    }
    const stream = dialled.value;
    const greeting = await readGreeting(stream);
    const spoke = greeting.ok && greeting.value.info.tlsRequired ? await speakPlaintext(stream) : undefined;
    stream.destroy();
    return spoke ?? (greeting.ok ? succeed('INFO without tls_required') : greeting);
  });
  if (!answer.ok) {
    return unknown(answer.failure);
  }
  return answer.value === undefined
    ? { kind: 'proved' }
    : disproved('PlaintextAccepted', `the client port speaks NATS without TLS: ${JSON.stringify(answer.value)}`);
}

/** What the server says in NATS to a plaintext CONNECT and PING; nothing, when it closes or answers in TLS. */
async function speakPlaintext(stream: Duplex): Promise<ServerResult<string | undefined>> {
  const { promise, resolve } = Promise.withResolvers<ServerResult<string | undefined>>();
  stream.on('data', (chunk: Buffer) => {
    // 21 is the TLS record type of an alert (RFC 8446 §5.1); an -ERR that asks for TLS is a refusal as well.
    const text = chunk.toString('latin1', 0, 60);
    resolve(succeed(chunk[0] === 21 || /^-ERR .*TLS/i.test(text) ? undefined : text));
  });
  stream.on('end', () => resolve(succeed(undefined)));
  stream.on('error', (error) => resolve(socketFailure(error)));
  stream.on('close', () => resolve(fail('Unreachable', 'the connection broke before the server answered')));
  // Reading the greeting has paused it.
  stream.resume();
  stream.write('CONNECT {"verbose":false,"pedantic":false,"protocol":1}\r\nPING\r\n');
  return await promise;
}

/** Proves that the server refuses `user` with a password made up on the spot. */
export async function proveWrongPasswordRefused(target: ServerTarget & { readonly user: string }): Promise<Proof> {
  const password = randomBytes(24).toString('base64url');
  const connected = await connectServer({ ...target, password });
  if (connected.ok) {
    await connected.value.close();
    return disproved('WrongPasswordAccepted', `user ${target.user} signs in with a wrong password`);
  }
  return connected.failure.reason === 'AuthorizationViolation' ? { kind: 'proved' } : unknown(connected.failure);
}
