import { describe, expect, test } from '@jest/globals';
import { EVERY_STREAM } from '../../../src/nats/mesh/jetstream.ts';
import { fail, type ServerResult, succeed } from '../../../src/servers/failure.ts';
import {
  askJetStream,
  decodeSystemAnswer,
  fetchSystem,
  reloadServer,
  type SystemQuery,
} from '../../../src/servers/system.ts';
import { playedConnection } from '../support/played-connection.ts';

describe('a response of the system account', () => {
  test.each([
    ['data', { server: { id: 'N' }, data: { routes: [] } }],
    ['no data, as for RELOAD', { server: { id: 'N' } }],
    ['an empty error', { server: { id: 'N' }, data: null, error: null }],
  ])('is returned as a whole with %s', (_case, envelope) => {
    expect(decodeSystemAnswer(JSON.stringify(envelope), 'answer')).toEqual({ ok: true, value: envelope });
  });

  test('is refused with the words of an error', () => {
    const text = '{"server":{},"error":{"code":500,"description":"config reload not supported for ServerName"}}';
    const failure = { reason: 'RequestRefused', message: 'config reload not supported for ServerName' };
    expect(decodeSystemAnswer(text, 'RELOAD answer')).toEqual({ ok: false, failure });
  });

  test.each(['{"error":"text"}', '{"error":{}}', '{"error":{"description":7}}', '{"error":false}'])(
    'is refused with the malformed error %s',
    (text) => expect(decodeSystemAnswer(text, 'answer')).toMatchObject({ failure: { reason: 'RequestRefused' } }),
  );

  test.each(['', 'null', '[]', '7', '"text"', '{', '{"data":'])('is a protocol error with the text %p', (text) => {
    expect(decodeSystemAnswer(text, 'answer')).toMatchObject({ ok: false, failure: { reason: 'ProtocolError' } });
  });
});

describe('a request of the system account', () => {
  type Asked = readonly [subject: string, body: string, timeoutMs: number];

  /** Makes a connection that answers with this result, and records the requests. */
  function connect(answer: ServerResult<string>) {
    const asked: Asked[] = [];
    const connection = playedConnection('s', {
      request: async (...request) => {
        asked.push(request);
        return answer;
      },
    });
    return { connection, asked };
  }

  test.each<[SystemQuery, boolean]>([
    ['VARZ', false],
    ['ROUTEZ', false],
    ['HEALTHZ', false],
    ['JSZ', true],
  ])('asks the server by its id: %s, with options: %p', async (query, hasOptions) => {
    const { connection, asked } = connect(succeed('{"data":{}}'));
    expect(await fetchSystem(connection, query, 9)).toEqual({ ok: true, value: { data: {} } });
    expect(asked).toEqual([
      [`$SYS.REQ.SERVER.NAACKZIVBVV4.${query}`, hasOptions ? JSON.stringify(EVERY_STREAM) : '', 9],
    ]);
  });

  test('reloads the server, and returns nothing but its refusal', async () => {
    expect(await reloadServer(connect(succeed('{"server":{}}')).connection, 9)).toStrictEqual(succeed(undefined));
    const refused = connect(succeed('{"error":{"description":"no"}}'));
    expect(await reloadServer(refused.connection, 9)).toMatchObject({ failure: { reason: 'RequestRefused' } });
    expect(refused.asked).toEqual([['$SYS.REQ.SERVER.NAACKZIVBVV4.RELOAD', '', 9]]);
  });

  test('to JetStream returns the whole answer, also with an error', async () => {
    const { connection, asked } = connect(succeed('{"error":{"code":400}}'));
    expect(await askJetStream(connection, { kind: 'step-down' }, 9)).toEqual(succeed({ error: { code: 400 } }));
    expect(asked).toEqual([['$JS.API.META.LEADER.STEPDOWN', '', 9]]);
    const list = connect(succeed('[]')).connection;
    expect(await askJetStream(list, { kind: 'step-down' }, 9)).toMatchObject({ failure: { reason: 'ProtocolError' } });
  });

  test('fails as the connection fails', async () => {
    const { connection } = connect(fail('NoResponders', 'no responders'));
    const failed = { ok: false, failure: { reason: 'NoResponders' } };
    expect(await fetchSystem(connection, 'VARZ', 9)).toMatchObject(failed);
    expect(await reloadServer(connection, 9)).toMatchObject(failed);
    expect(await askJetStream(connection, { kind: 'step-down' }, 9)).toMatchObject(failed);
  });
});
