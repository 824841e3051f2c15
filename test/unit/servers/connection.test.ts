import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, describe, expect, test } from '@jest/globals';
import { ActionError } from '../../../src/errors/action-error.ts';
import { verifyPlaintextRefused, verifyRouteRefusesForeign } from '../../../src/servers/client-proof.ts';
import { connectServer } from '../../../src/servers/connection.ts';
import type { Dial } from '../../../src/servers/dial.ts';
import { issueTestCertificate, makeTestCa } from '../../integration/servers/certificates.ts';
import { playedStream } from '../support/streams.ts';

const authority = await makeTestCa('unit');
const AUTHORITY_PEM = authority.trust;
const LEAF = await issueTestCertificate(authority);
const INFO = 'INFO {"server_id":"NAACKZIVBVV4JHYB","server_name":"n","version":"2.15.2","tls_required":true}\r\n';

function targetOf(dial: Dial, signal = new AbortController().signal, timeoutMs = 20_000) {
  return { dial, trust: AUTHORITY_PEM, serverName: 'localhost', user: 'u', password: 'p', signal, timeoutMs };
}

/** Makes a dialer to a far end that sends `text` and nothing more. */
function speaking(text: string | Buffer): { readonly dial: Dial; readonly streams: Duplex[] } {
  const streams: Duplex[] = [];
  const dial = async () => {
    const stream = playedStream();
    stream.push(text);
    streams.push(stream);
    return stream;
  };
  return { dial, streams };
}

describe('a connection to a server', () => {
  test('fails as unreachable if the dialer fails', async () => {
    const dial = async () => await Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
    expect(await connectServer(targetOf(dial))).toMatchObject({ ok: false, failure: { reason: 'Unreachable' } });
  });

  test('fails with the error that the dialer explained', async () => {
    const error = new ActionError('FORBIDDEN', 'no port-forward', { hint: 'grant it', details: { missing: [] } });
    await expect(connectServer(targetOf(async () => await Promise.reject(error)))).rejects.toBe(error);
  });

  test.each([
    ['silent', ''],
    ['silent during the handshake', INFO],
  ])('ends in time if the server is %s, and closes the stream', async (_case, text) => {
    const { dial, streams } = speaking(text);
    const failed = await connectServer(targetOf(dial, undefined, 50));
    expect(failed).toMatchObject({ ok: false, failure: { reason: 'Timeout' } });
    expect(streams.map(({ destroyed }) => destroyed)).toEqual([true]);
  });

  test('closes a stream that the dialer returns too late', async () => {
    const stream = playedStream();
    const late = Promise.withResolvers<Duplex>();
    const failed = await connectServer(targetOf(async () => await late.promise, undefined, 20));
    expect(failed).toMatchObject({ ok: false, failure: { reason: 'Timeout' } });
    late.resolve(stream);
    await once(stream, 'close');
    expect(stream.destroyed).toBe(true);
  });

  test('fails with the reason of an abort, before and during the connection attempt', async () => {
    const { dial, streams } = speaking(INFO);
    const reason = new Error('cancelled');
    await expect(connectServer(targetOf(dial, AbortSignal.abort(reason)))).rejects.toBe(reason);
    expect(streams).toEqual([]);
    const controller = new AbortController();
    const connecting = connectServer(targetOf(dial, controller.signal));
    controller.abort(reason);
    await expect(connecting).rejects.toBe(reason);
    await Promise.resolve();
    expect(streams.map(({ destroyed }) => destroyed)).toEqual([true]);
  });

  test.each([
    ['with its INFO', [`${INFO}-ERR 'maximum connections exceeded'\r\n`]],
    ['right after its INFO', [INFO, "-ERR 'maximum connections exceeded'\r\n"]],
  ])('fails with the reason of the server, if the server sends one %s', async (_, texts) => {
    const dial = async () => {
      const stream = playedStream();
      stream.push(texts[0]);
      setTimeout(() => {
        for (const text of texts.slice(1)) stream.push(text);
        stream.push(null);
      }, 1);
      return stream;
    };
    const failed = await connectServer(targetOf(dial));
    const message = "the server takes no connection: -ERR 'maximum connections exceeded'";
    expect(failed).toMatchObject({ ok: false, failure: { reason: 'ConnectionRefused', message } });
  });

  test('fails if the server has no TLS, before anything is sent', async () => {
    const { dial, streams } = speaking(INFO.replace('true', 'false'));
    expect(await connectServer(targetOf(dial))).toMatchObject({ failure: { reason: 'TlsNotOffered' } });
    expect(streams.map(({ destroyed }) => destroyed)).toEqual([true]);
  });

  test.each(['', 'no certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'])(
    'never uses the system CAs for the trust bundle %p',
    async (trust) => {
      const { dial } = speaking(INFO);
      const refused = connectServer({ ...targetOf(dial), trust });
      await expect(refused).rejects.toMatchObject({ code: 'PKI_INVALID' });
    },
  );

  test('fails without quoting an unusable private key', async () => {
    const clientCertificate = { certificate: AUTHORITY_PEM, privateKey: 'not-a-key-secret' };
    const error: unknown = await connectServer({ ...targetOf(speaking(INFO).dial), clientCertificate }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'PKI_INVALID' });
    expect(String(error)).not.toContain('not-a-key-secret');
  });
});

describe('a security check of a server that disconnects', () => {
  let server: Server | undefined;
  afterEach(() => void server?.close());

  async function dialTo(behave: (socket: Socket) => void): Promise<Dial> {
    const listening = createServer(behave).listen(0, '127.0.0.1');
    server = listening;
    await once(listening, 'listening');
    const address = listening.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return async () => connect(port, '127.0.0.1');
  }

  test('does not count a closed route port as a rejected certificate', async () => {
    const dial = await dialTo((socket) => socket.destroy());
    const proof = await verifyRouteRefusesForeign({ ...targetOf(dial), leaf: LEAF });
    expect(proof).toMatchObject({ kind: 'unknown', failure: { reason: 'Unreachable' } });
  });

  test('does not count a reset client port as rejected plaintext', async () => {
    const dial = await dialTo((socket) => {
      socket.write(INFO);
      socket.once('data', () => socket.resetAndDestroy());
    });
    expect(await verifyPlaintextRefused(targetOf(dial))).toMatchObject({ kind: 'unknown' });
  });

  test.each([
    ['PONG', 'PONG\r\n', 'failed'],
    ['an authorization error', "-ERR 'Authorization Violation'\r\n", 'failed'],
    ['a demand for TLS', "-ERR 'Secure Connection - TLS Required'\r\n", 'verified'],
    ['a TLS alert', Buffer.of(21, 3, 1, 0, 2, 2, 70), 'verified'],
  ])('counts a plaintext PING with this response correctly: %s', async (_case, answer, kind) => {
    const dial = await dialTo((socket) => {
      socket.on('error', () => {});
      socket.write(INFO);
      socket.once('data', () => socket.write(answer));
    });
    expect(await verifyPlaintextRefused(targetOf(dial))).toMatchObject({ kind });
  });

  test.each([
    ['the server has closed the connection', 'write tcp4 127.0.0.1:9->127.0.0.1:4222: write: broken pipe', 'verified'],
    ['the connection was reset', 'write tcp4 127.0.0.1:9->127.0.0.1:4222: write: connection reset by peer', 'unknown'],
    ['the port-forward breaks', 'the connection broke (1006)', 'unknown'],
  ])('counts a plaintext PING correctly after which %s', async (_case, message, kind) => {
    const stream = playedStream();
    stream.push(INFO);
    let writes = 0;
    stream._write = (_chunk, _encoding, done) => {
      writes += 1;
      done(writes === 3 ? new Error(message) : null);
    };
    expect(await verifyPlaintextRefused(targetOf(async () => stream))).toMatchObject({ kind });
  });

  test('counts the end of the connection as rejected plaintext', async () => {
    const dial = await dialTo((socket) => {
      socket.write(INFO);
      socket.once('data', () => socket.end());
    });
    expect(await verifyPlaintextRefused(targetOf(dial))).toEqual({ kind: 'verified' });
  });
});
