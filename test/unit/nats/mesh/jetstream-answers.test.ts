import { describe, expect, test } from '@jest/globals';
import {
  decodeJetStreamAnswer,
  decodeJsz,
  EVERY_STREAM,
  encodeJetStreamRequest,
  formatStreams,
  isSubjectToken,
} from '../../../../src/nats/mesh/jetstream.ts';
import { decodeHealthz } from '../../../../src/nats/mesh/stream-replicas.ts';

type Json = Readonly<Record<string, unknown>>;

const stream = (differences: Json = {}): Json => ({ name: 'ORDERS', config: { num_replicas: 1 }, ...differences });
const jsz = (streams: readonly unknown[], differences: Json = {}): Json => ({
  server: { name: 'nats-4' },
  data: { total: 1, account_details: [{ id: 'A', name: 'the tag of A', stream_detail: streams }], ...differences },
});
const peers = (...names: readonly string[]): Json => ({ replicas: names.map((name) => ({ name, current: true })) });

describe('the streams on a server', () => {
  test.each<[string, Json, boolean]>([
    ['a stream with one replica', stream({ cluster: { leader: 'nats-4' } }), false],
    ['a stream without cluster information', stream(), false],
    ['a stream in memory', stream({ config: { num_replicas: 1, storage: 'memory' } }), false],
    ['a stream in a file', stream({ config: { num_replicas: 1, storage: 'file' } }), false],
    ['a moving stream with one replica, before 2.15', stream({ cluster: peers('nats-1') }), true],
    [
      'a stream with three replicas',
      stream({ config: { num_replicas: 3 }, cluster: peers('nats-0', 'nats-1') }),
      false,
    ],
    [
      'a moving stream with three replicas, before 2.15',
      stream({ config: { num_replicas: 3 }, cluster: peers('nats-0', 'nats-1', 'nats-2') }),
      true,
    ],
    ['a moving stream', stream({ cluster: { leader: 'nats-4', desired: { replicas: [] } } }), true],
  ])('include %s', (_, one, isMoving) => {
    const { num_replicas: replicas, storage } = Object(one['config']);
    const streams = [{ account: 'A', name: 'ORDERS', replicas, isInMemory: storage === 'memory', isMoving }];
    expect(decodeJsz(jsz([one]))).toEqual({ kind: 'decoded', value: { isDisabled: false, streams } });
  });

  test.each<[string, Json, boolean]>([
    ['without accounts', { server: {}, data: { total: 0 } }, false],
    ['with an account without streams', jsz([]), false],
    ['with disabled JetStream', { server: {}, data: { disabled: true, total: 0 } }, true],
  ])('are empty %s', (_, answer, isDisabled) => {
    expect(decodeJsz(answer)).toEqual({ kind: 'decoded', value: { isDisabled, streams: [] } });
  });

  test('are requested without a limit', () => {
    expect(EVERY_STREAM).toMatchObject({ accounts: true, streams: true, config: true, limit: -1 });
  });

  test.each<[string, unknown, string]>([
    ['a missing account', jsz([], { total: 2 }), 'account_details'],
    ['missing accounts', { data: { total: 1 } }, 'account_details'],
    ['a missing number of accounts', { data: { account_details: [] } }, 'data.total'],
    ['an account without an id', jsz([], { account_details: [{ name: 'A' }] }), 'data.account_details[0].id'],
    ['accounts that are not a list', jsz([], { account_details: {} }), 'data.account_details'],
    ['a stream that is not an object', jsz(['ORDERS']), 'data.account_details[0].stream_detail[0]'],
    ['a stream without a name', jsz([stream({ name: '' })]), 'data.account_details[0].stream_detail[0].name'],
    [
      'a stream without replicas',
      jsz([stream({ config: { num_replicas: 'many' } })]),
      'data.account_details[0].stream_detail[0].config.num_replicas',
    ],
    [
      'a stream without a configuration',
      jsz([stream({ config: null })]),
      'data.account_details[0].stream_detail[0].config',
    ],
    ['a text', 'streams', ''],
    ['an error', { error: { description: 'no' } }, 'error'],
  ])('are unknown with %s', (_, answer, path) => {
    expect(decodeJsz(answer)).toMatchObject({ kind: 'malformed', path });
  });

  test('are printed by account and stream without duplicates, only the first few', () => {
    const held = ['D', 'B', 'A', 'C', 'A'].map((name) => ({
      account: 'X',
      name,
      replicas: 1,
      isInMemory: false,
      isMoving: false,
    }));
    expect(formatStreams(held)).toBe('X/A, X/B, X/C, and 1 more');
    expect(formatStreams(held, 4)).toBe('X/A, X/B, X/C, X/D');
  });
});

describe('the health of a server', () => {
  test.each<[string, Json, string | undefined]>([
    ['good', { status: 'ok' }, undefined],
    ['described by its error', { status: 'unavailable', error: 'stream not current' }, 'stream not current'],
    ['described by its status', { status: 'error' }, 'error'],
  ])('is %s', (_, data, problem) => {
    expect(decodeHealthz({ server: {}, data })).toEqual({ kind: 'decoded', value: { problem } });
  });

  test.each<[unknown, string]>([
    [{ data: {} }, 'data.status'],
    [{ data: { status: 'unavailable', error: {} } }, 'data.error'],
    [{ server: {} }, 'data'],
    [null, ''],
  ])('is unknown with %j', (answer, path) => {
    expect(decodeHealthz(answer)).toMatchObject({ kind: 'malformed', path });
  });
});

describe('a response of the meta leader', () => {
  test.each<[string, Json, Json]>([
    ['is accepted', { type: 'io.nats.jetstream.api.v1.stream_update_response' }, { kind: 'accepted' }],
    [
      'is rejected because of a move in progress',
      { error: { code: 400, err_code: 10124, description: 'stream move already in progress' } },
      { kind: 'refused', isUnderWay: true, words: 'stream move already in progress' },
    ],
    [
      'is rejected because no server has enough space',
      { error: { code: 400, err_code: 10005, description: 'no suitable peers for placement' } },
      { kind: 'refused', isUnderWay: false, words: 'no suitable peers for placement' },
    ],
    [
      'is an error without a description',
      { error: {} },
      { kind: 'refused', isUnderWay: false, words: 'an error without a description' },
    ],
  ])('%s', (_, answer, value) => {
    expect(decodeJetStreamAnswer(answer)).toEqual({ kind: 'decoded', value });
  });

  test('is shortened to one line of an error', () => {
    const decoded = decodeJetStreamAnswer({ error: { description: 'x'.repeat(10_000) } });
    expect(JSON.stringify(decoded).length).toBeLessThan(400);
  });

  test.each([
    ['text'],
    [[]],
    [null],
    [{ error: 'text' }],
    [{ error: { err_code: 'x' } }],
    [{ error: { description: 7 } }],
  ])('is malformed: %j', (answer) => expect(decodeJetStreamAnswer(answer)).toMatchObject({ kind: 'malformed' }));
});

describe('a request to the meta leader', () => {
  test('has account and stream in its subject, and the server in its body', () => {
    const move = encodeJetStreamRequest({ kind: 'move', account: 'A', stream: 'ORDERS', from: 'nats-4' });
    expect(move).toEqual({ subject: '$JS.API.ACCOUNT.STREAM.MOVE.A.ORDERS', body: '{"server":"nats-4"}' });
    const remove = encodeJetStreamRequest({ kind: 'remove', server: 'nats-4' });
    expect(remove).toEqual({ subject: '$JS.API.SERVER.REMOVE', body: '{"peer":"nats-4"}' });
  });

  test.each([
    ['$G', true],
    ['AAZ', true],
    ['a.b', false],
    ['a b', false],
    ['*', false],
    ['>', false],
    ['', false],
  ])('can contain the name %j: %p', (name, can) => expect(isSubjectToken(name)).toBe(can));
});
