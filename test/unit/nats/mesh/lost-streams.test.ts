import { describe, expect, test } from '@jest/globals';
import { parseConfiguration } from '../../../../src/nats/conf/reader/parse.ts';
import { readJetStreamAccounts } from '../../../../src/nats/conf/settings/jetstream-accounts.ts';
import { findEmptiedStreams, findLostStreams } from '../../../../src/nats/mesh/jetstream.ts';

const surroundings = { files: new Map<string, string>(), environment: new Set<string>() };

function accountsOf(text: string) {
  return readJetStreamAccounts(parseConfiguration({ input: 'config', file: 'config', text }, surroundings));
}

const STREAMS = ['$G', 'A', 'B'].map((account) => ({
  account,
  name: 'S',
  replicas: 1,
  isInMemory: false,
  isMoving: false,
}));

describe('the accounts with JetStream after a start', () => {
  test.each([
    ['are $G without a configuration', undefined, { kind: 'global' }],
    ['are $G with only the system account', accountsOf('accounts { $SYS {} }'), { kind: 'global' }],
    ['come from the JWTs of an operator', accountsOf('operator: eyJ'), { kind: 'operator' }],
    [
      'are none without JetStream settings',
      accountsOf('accounts { A {}, B { jetstream: false } }'),
      { kind: 'named', accounts: [] },
    ],
    ['are none in the short form', accountsOf('accounts: [A, B]'), { kind: 'named', accounts: [] }],
  ])('%s', (_, accounts, expected) => {
    expect(accounts ?? readJetStreamAccounts(undefined)).toEqual(expected);
  });

  test.each([
    ['enabled', 'enabled', {}],
    ['enable', 'Enable', {}],
    ['true', 'true', {}],
    ['a block', '{ max_mem: 512M, max_file: 1GB, max_streams: 3 }', { memoryBytes: 512e6, fileBytes: 2 ** 30 }],
    ['aliases', '{ memory: 5, disk: 6 }', { memoryBytes: 5, fileBytes: 6 }],
    ['no limit', '{ max_memory: -1, store: -1 }', {}],
    ['a variable', '$WANTED', {}],
  ])('include an account with the setting: %s', (_, written, limits) => {
    const accounts = [{ name: 'A', memoryBytes: 0, fileBytes: 0, ...limits }];
    expect(accountsOf(`WANTED: enabled\naccounts { A { jetstream: ${written} } }`)).toEqual({
      kind: 'named',
      accounts,
    });
  });
});

describe('the streams that a start loses', () => {
  test.each([
    ['are those of every account but $G without configured accounts', '', ['A', 'B']],
    [
      'are those of $G and of accounts without JetStream with configured accounts',
      'accounts { A { jetstream: true }, B {} }',
      ['$G', 'B'],
    ],
    [
      'are those of $G with several accounts that all have JetStream',
      'accounts { A { jetstream: true }, B { jetstream: true } }',
      ['$G'],
    ],
    ['are those of removed accounts', 'accounts { B { jetstream: true } }', ['$G', 'A']],
    ['are none if JWTs define which accounts have JetStream', 'operator: eyJ', []],
  ])('%s', (_, text, lost) => {
    expect([...findLostStreams(STREAMS, accountsOf(text)).keys()]).toEqual(lost);
  });
});

test.each([
  ['loses its messages in memory with one replica', { replicas: 1, isInMemory: true }, true],
  ['keeps its messages in memory with three replicas', { replicas: 3, isInMemory: true }, false],
  ['keeps its messages in a file with one replica', { replicas: 1, isInMemory: false }, false],
])('a stream %s when its server restarts', (_, storage, isEmptied) => {
  const stream = { account: '$G', name: 'ORDERS', isMoving: false, ...storage };
  expect(findEmptiedStreams([stream])).toEqual(isEmptied ? [stream] : []);
});
