import { describe, expect, test } from '@jest/globals';
import { selectRestartPart } from '../../../src/change/restart-part.ts';
import { parseConfiguration } from '../../../src/nats/conf/reader/parse.ts';

const surroundings = { files: new Map<string, string>(), environment: new Set(['SERVER_NAME']) };

function partOf(text: string, jetstream = false): string {
  return selectRestartPart(parseConfiguration({ input: 'config', file: 'config', text }, surroundings), { jetstream });
}

describe('what of a configuration only a server that starts takes', () => {
  test.each([
    ['nothing', ''],
    ['users in accounts', 'accounts { A { users [{user: u, password: p}] } }'],
    ['limits that a reload takes', 'max_traced_msg_len: 10, PING_MAX: 3'],
    ['a block of which a reload takes all', 'cluster { pool_size: 3, accounts: [A] }'],
  ])('%s leaves nothing', (_, text) => {
    expect(partOf(text)).toBe('');
  });

  test.each([
    ['another limit', 'max_subscriptions: 1', 'max_subscriptions: 2'],
    ['a listener that comes', '', 'websocket { port: 8080 }'],
    ['a port that changes', 'websocket { port: 8080 }', 'websocket { port: 8081 }'],
    ['an empty block that comes', '', 'leafnodes {}'],
    ['a text that looks like a number', 'x: 1', 'x: "1"'],
    ['a float for an integer', 'x: 1', 'x: 1.0'],
    ['another item deep in a list', 'm { a: [{b: 1}] }', 'm { a: [{b: 2}] }'],
    ['an item that moves to the next list', 'a: [[x ], [y ]]', 'a: [[x, y ]]'],
    ['a variable of the environment', 'x: $SERVER_NAME', 'x: "$SERVER_NAME"'],
    ['an entry that is below another', 'a { b: 1 }', 'b: 1'],
  ])('%s is a difference', (_, before, after) => {
    expect(partOf(before)).not.toBe(partOf(after));
  });

  test.each([
    ['the order and case of keys', 'max_pending: 1, max_subscriptions: 2', 'Max_Subscriptions: 2\nMAX_PENDING: 1'],
    ['what a reload takes beside it', 'websocket { port: 1 }, ping_max: 2', 'websocket { port: 1 }'],
    ['a comment', 'max_subscriptions: 2 # more', 'max_subscriptions: 2'],
    ['a variable for what it stands for', 'N: 2, max_subscriptions: $N', 'N: 2, max_subscriptions: 2'],
  ])('%s is no difference', (_, before, after) => {
    expect(partOf(before)).toBe(partOf(after));
  });
});

describe('with JetStream, what of accounts only a server that starts takes', () => {
  const partWithStreams = (text: string): string => partOf(text, true);

  test.each([
    ['no accounts at all', ''],
    ['the system account alone', 'accounts { $SYS { users: [{user: u, password: p}] } }'],
  ])('%s leaves nothing', (_, text) => {
    expect(partWithStreams(text)).toBe('');
  });

  test.each([
    ['the first account beside $G, which takes its JetStream', '', 'accounts { A {} }'],
    ['the first account in the short form', '', 'accounts: [A]'],
    ['an account that gets JetStream', 'accounts { A {} }', 'accounts { A { jetstream: enabled } }'],
    ['an account that loses it', 'accounts { A { jetstream: true }, B {} }', 'accounts { A {}, B {} }'],
    ['another name', 'accounts { A { jetstream: true } }', 'accounts { B { jetstream: true } }'],
    [
      'another limit',
      'accounts { A { jetstream { max_streams: 2 } } }',
      'accounts { A { jetstream { max_streams: 1 } } }',
    ],
  ])('%s is a difference', (_, before, after) => {
    expect(partWithStreams(before)).not.toBe(partWithStreams(after));
  });

  test.each([
    ['another user', 'accounts { A { users: [] } }', 'accounts { A { users: [{user: u, password: p}] } }'],
    ['one more account without streams', 'accounts { A {} }', 'accounts { A {}, B {} }'],
    ['an account that says no', 'accounts { A {}, B {} }', 'accounts { A {}, B { jetstream: disabled } }'],
    ['the order', 'accounts { A { jetstream: true }, B {} }', 'accounts { B {}, A { jetstream: true } }'],
  ])('%s is no difference', (_, before, after) => {
    expect(partWithStreams(before)).toBe(partWithStreams(after));
  });

  test('accounts of an operator are none of its business', () => {
    expect(partWithStreams('operator: eyJ')).toBe(partOf('operator: eyJ'));
  });
});
