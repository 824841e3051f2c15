import { describe, expect, test } from '@jest/globals';
import { selectRestartPart } from '../../../src/change/restart-part.ts';
import { parseConfiguration } from '../../../src/nats/conf/reader/parse.ts';

const surroundings = { files: new Map<string, string>(), environment: new Set(['SERVER_NAME']) };

function partOf(text: string, jetstream = false): string {
  return selectRestartPart(parseConfiguration({ input: 'config', file: 'config', text }, surroundings), { jetstream });
}

describe('the part of a configuration that needs a restart', () => {
  test.each([
    ['no configuration', ''],
    ['users in accounts', 'accounts { A { users [{user: u, password: p}] } }'],
    ['limits that a reload applies', 'max_traced_msg_len: 10, PING_MAX: 3'],
    ['a block that a reload applies as a whole', 'cluster { pool_size: 3, accounts: [A] }'],
  ])('is empty for %s', (_, text) => {
    expect(partOf(text)).toBe('');
  });

  test.each([
    ['another limit', 'max_subscriptions: 1', 'max_subscriptions: 2'],
    ['a new listener', '', 'websocket { port: 8080 }'],
    ['another port', 'websocket { port: 8080 }', 'websocket { port: 8081 }'],
    ['a new empty block', '', 'leafnodes {}'],
    ['a text that looks like a number', 'x: 1', 'x: "1"'],
    ['a float in place of an integer', 'x: 1', 'x: 1.0'],
    ['another item deep in a list', 'm { a: [{b: 1}] }', 'm { a: [{b: 2}] }'],
    ['an item that moves to the next list', 'a: [[x ], [y ]]', 'a: [[x, y ]]'],
    ['an environment variable', 'x: $SERVER_NAME', 'x: "$SERVER_NAME"'],
    ['an entry that moves below another', 'a { b: 1 }', 'b: 1'],
  ])('differs after a change: %s', (_, before, after) => {
    expect(partOf(before)).not.toBe(partOf(after));
  });

  test.each([
    ['the order and case of keys', 'max_pending: 1, max_subscriptions: 2', 'Max_Subscriptions: 2\nMAX_PENDING: 1'],
    ['other settings that a reload applies', 'websocket { port: 1 }, ping_max: 2', 'websocket { port: 1 }'],
    ['a comment', 'max_subscriptions: 2 # more', 'max_subscriptions: 2'],
    ['a variable in place of its value', 'N: 2, max_subscriptions: $N', 'N: 2, max_subscriptions: 2'],
  ])('stays the same after a change: %s', (_, before, after) => {
    expect(partOf(before)).toBe(partOf(after));
  });
});

describe('the part of accounts with JetStream that needs a restart', () => {
  const partWithStreams = (text: string): string => partOf(text, true);

  test.each([
    ['no accounts', ''],
    ['the system account alone', 'accounts { $SYS { users: [{user: u, password: p}] } }'],
  ])('is empty for %s', (_, text) => {
    expect(partWithStreams(text)).toBe('');
  });

  test.each([
    ['the first account besides $G, which takes JetStream away from $G', '', 'accounts { A {} }'],
    ['the first account in the short form', '', 'accounts: [A]'],
    ['an account that gets JetStream', 'accounts { A {} }', 'accounts { A { jetstream: enabled } }'],
    ['an account that loses JetStream', 'accounts { A { jetstream: true }, B {} }', 'accounts { A {}, B {} }'],
    ['another account name', 'accounts { A { jetstream: true } }', 'accounts { B { jetstream: true } }'],
    [
      'another limit',
      'accounts { A { jetstream { max_streams: 2 } } }',
      'accounts { A { jetstream { max_streams: 1 } } }',
    ],
  ])('differs after a change: %s', (_, before, after) => {
    expect(partWithStreams(before)).not.toBe(partWithStreams(after));
  });

  test.each([
    ['another user', 'accounts { A { users: [] } }', 'accounts { A { users: [{user: u, password: p}] } }'],
    ['one more account without JetStream', 'accounts { A {} }', 'accounts { A {}, B {} }'],
    [
      'an account that disables JetStream explicitly',
      'accounts { A {}, B {} }',
      'accounts { A {}, B { jetstream: disabled } }',
    ],
    ['the order of accounts', 'accounts { A { jetstream: true }, B {} }', 'accounts { B {}, A { jetstream: true } }'],
  ])('stays the same after a change: %s', (_, before, after) => {
    expect(partWithStreams(before)).toBe(partWithStreams(after));
  });

  test('does not include the accounts of an operator', () => {
    expect(partWithStreams('operator: eyJ')).toBe(partOf('operator: eyJ'));
  });
});
