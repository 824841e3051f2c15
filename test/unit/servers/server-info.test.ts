import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readFirstBytes } from '../../../src/servers/knock.ts';
import { decodeRefusal, decodeServerInfo, readGreeting } from '../../../src/servers/server-info.ts';
import { playedStream } from '../support/streams.ts';

const ID = 'NAACKZIVBVV4JHYBI7AGYVCVYKHJ4HYAOZL4DFPKQ4HVQNKL4ECA6LQO';
const INFO = { server_id: ID, server_name: 'nats-0', version: '2.15.2', cluster: 'nats', tls_required: true };
const lineOf = (info: unknown) => `INFO ${JSON.stringify(info)} \r\n`;

describe('the INFO message', () => {
  test('is decoded with or without a space before its end', () => {
    const value = {
      serverId: ID,
      serverName: 'nats-0',
      version: '2.15.2',
      cluster: 'nats',
      tlsRequired: true,
      tlsVerify: false,
      jetstream: false,
    };
    expect(decodeServerInfo(lineOf(INFO))).toEqual({ ok: true, value });
    expect(decodeServerInfo(`INFO ${JSON.stringify(INFO)}\r\n`)).toEqual({ ok: true, value });
  });

  test('requires TLS only with the value true', () => {
    const decoded = decodeServerInfo(lineOf({ ...INFO, tls_required: 'yes', cluster: undefined }));
    expect(decoded).toMatchObject({ ok: true, value: { tlsRequired: false, cluster: undefined } });
  });

  test.each([
    [true, true],
    ['yes', false],
    [undefined, false],
  ])('has JetStream only with the value true: %p', (jetstream, expected) => {
    expect(decodeServerInfo(lineOf({ ...INFO, jetstream }))).toMatchObject({ value: { jetstream: expected } });
  });

  test('says whether the server asks for a certificate', () => {
    expect(decodeServerInfo(lineOf({ ...INFO, tls_verify: true }))).toMatchObject({ value: { tlsVerify: true } });
  });

  test.each([
    ['another protocol', 'HTTP/1.1 400 Bad Request\r\n'],
    ['another verb', "-ERR 'maximum connections exceeded'\r\n"],
    ['no JSON', 'INFO {nope}\r\n'],
    ['a list', 'INFO []\r\n'],
    ['no end', 'INFO {}'],
    ['no id', lineOf({ ...INFO, server_id: undefined })],
    ['an id that is not valid in a subject', lineOf({ ...INFO, server_id: '*.RELOAD NAACKZIVBVV4' })],
    ['an id with a wildcard', lineOf({ ...INFO, server_id: '>' })],
    ['an id of another type', lineOf({ ...INFO, server_id: 7 })],
    ['a number that looks like an id', lineOf({ ...INFO, server_id: 1234567890 })],
    ['no name', lineOf({ ...INFO, server_name: null })],
    ['no version', lineOf({ ...INFO, version: 2 })],
  ])('is a protocol error with %s', (_case, line) => {
    expect(decodeServerInfo(line)).toMatchObject({ ok: false, failure: { reason: 'ProtocolError' } });
  });

  test('never makes the decoder throw', () => {
    fc.assert(
      fc.property(fc.string(), fc.json(), (text, json) => {
        decodeServerInfo(text);
        decodeServerInfo(`INFO ${json}\r\n`);
      }),
    );
  });
});

describe('an error message of the server', () => {
  test.each([
    ["-ERR 'maximum connections exceeded'\r\n", "the server takes no connection: -ERR 'maximum connections exceeded'"],
    ["-ERR 'cut o", "the server takes no connection: -ERR 'cut o'"],
  ])('is reported in its own words: %j', (text, message) => {
    expect(decodeRefusal(Buffer.from(text))).toEqual({ ok: false, failure: { reason: 'ConnectionRefused', message } });
  });

  test.each(['+OK\r\n', 'PING\r\n', '', '\u0016\u0003\u0001'])('is not recognized in %j', (text) => {
    expect(decodeRefusal(Buffer.from(text))).toBeUndefined();
  });
});

describe('the reader of the greeting', () => {
  test('joins chunks of any length', async () => {
    const stream = playedStream();
    const reading = readGreeting(stream);
    for (const byte of Buffer.from(lineOf(INFO))) {
      stream.push(Buffer.of(byte));
    }
    expect(await reading).toMatchObject({ ok: true, value: { info: { serverName: 'nats-0' } } });
    stream.destroy();
  });

  test.each([
    ['bytes after the line', `${lineOf(INFO)}+OK\r\n`, 'ProtocolError'],
    ['two lines', `${lineOf(INFO)}${lineOf(INFO)}`, 'ProtocolError'],
    ['a line without an end', 'INFO '.padEnd(70_000, 'x'), 'ProtocolError'],
    ['an empty line', '\r\n', 'ProtocolError'],
    ['an error right after the line', `${lineOf(INFO)}-ERR 'maximum connections exceeded'\r\n`, 'ConnectionRefused'],
  ])('fails with %s', async (_case, text, reason) => {
    const stream = playedStream();
    stream.push(text);
    expect(await readGreeting(stream)).toMatchObject({ ok: false, failure: { reason } });
    stream.destroy();
  });

  const head = `INFO ${JSON.stringify(INFO)}`;
  const refusal = "-ERR 'maximum connections exceeded'\r\n";

  test.each<[string, readonly string[], object]>([
    ['whose two halves come in two chunks', [`${head}\r`, '\n'], { ok: true }],
    ['after a lone CR at the end of a chunk', [`${head}\r`, ' \r\n'], { ok: true }],
    ['after a lone LF at the start of a chunk', [head, '\n\r\n'], { ok: true }],
    ['in the middle of a later chunk', [head, `\r\n${refusal}`], { failure: { reason: 'ConnectionRefused' } }],
    ['in two chunks before a refusal', [`${head}\r`, `\n${refusal}`], { failure: { reason: 'ConnectionRefused' } }],
    ['in two chunks before other bytes', [`${head}\r`, '\nPING\r\n'], { failure: { reason: 'ProtocolError' } }],
  ])('finds the line end %s', async (_case, chunks, result) => {
    const stream = playedStream();
    const reading = readGreeting(stream);
    for (const chunk of chunks) stream.emit('data', Buffer.from(chunk));
    expect(await reading).toMatchObject(result);
    stream.destroy();
  });

  test.each([
    [64 * 1024, true],
    [64 * 1024 + 1, false],
  ])('reads %d bytes before the end of the line: %p', async (bytes, ok) => {
    const stream = playedStream();
    const reading = readGreeting(stream);
    stream.emit('data', Buffer.from(head.padEnd(bytes, ' ')));
    stream.emit('data', Buffer.from('\r\n'));
    expect(await reading).toMatchObject({ ok });
    stream.destroy();
  });

  test('fails if the stream ends, breaks or was closed before', async () => {
    const ended = playedStream();
    ended.push('INFO {"half":');
    ended.push(null);
    expect(await readGreeting(ended)).toMatchObject({ failure: { reason: 'Unreachable' } });

    const broken = playedStream();
    broken.on('error', () => {});
    broken.destroy(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    expect(await readGreeting(broken)).toMatchObject({ failure: { reason: 'Unreachable' } });

    const closed = playedStream();
    closed.destroy();
    expect(await readGreeting(closed)).toMatchObject({ failure: { reason: 'Unreachable' } });
  });

  test('reports the error of a stream that failed before it was read', async () => {
    const stream = playedStream();
    stream.on('error', () => {});
    stream.destroy(new Error('connect: connection refused'));
    await new Promise((resolve) => stream.once('close', resolve));
    for (const answer of [await readGreeting(stream), await readFirstBytes(stream)]) {
      expect(answer).toMatchObject({ ok: false, failure: { message: expect.stringContaining('connection refused') } });
    }
  });

  test('removes all its listeners', async () => {
    const stream = playedStream();
    const before = stream.eventNames().map((name) => stream.listenerCount(name));
    stream.push(lineOf(INFO));
    await readGreeting(stream);
    expect(stream.eventNames().map((name) => stream.listenerCount(name))).toEqual(before);
    stream.destroy();
  });
});
