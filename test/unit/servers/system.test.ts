import { describe, expect, test } from '@jest/globals';
import { decodeSystemAnswer } from '../../../src/servers/system.ts';

describe('an answer of the system account', () => {
  test.each([
    ['data', { server: { id: 'N' }, data: { routes: [] } }],
    ['no data, as RELOAD has none', { server: { id: 'N' } }],
    ['an absent error', { server: { id: 'N' }, data: null, error: null }],
  ])('with %s is its whole envelope', (_case, envelope) => {
    expect(decodeSystemAnswer(JSON.stringify(envelope), 'answer')).toEqual({ ok: true, value: envelope });
  });

  test('with an error is refused in the words of the server', () => {
    const text = '{"server":{},"error":{"code":500,"description":"config reload not supported for ServerName"}}';
    const failure = { reason: 'RequestRefused', message: 'config reload not supported for ServerName' };
    expect(decodeSystemAnswer(text, 'RELOAD answer')).toEqual({ ok: false, failure });
  });

  test.each(['{"error":"text"}', '{"error":{}}', '{"error":{"description":7}}', '{"error":false}'])(
    'with the malformed error %s is refused all the same',
    (text) => expect(decodeSystemAnswer(text, 'answer')).toMatchObject({ failure: { reason: 'RequestRefused' } }),
  );

  test.each(['', 'null', '[]', '7', '"text"', '{', '{"data":'])('of %p is a protocol error', (text) => {
    expect(decodeSystemAnswer(text, 'answer')).toMatchObject({ ok: false, failure: { reason: 'ProtocolError' } });
  });
});
