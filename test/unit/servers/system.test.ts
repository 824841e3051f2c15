import { describe, expect, test } from '@jest/globals';
import { decodeSystemAnswer } from '../../../src/servers/system.ts';

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
