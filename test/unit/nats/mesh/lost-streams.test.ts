import { describe, expect, test } from '@jest/globals';
import { parseConfiguration } from '../../../../src/nats/conf/reader/parse.ts';
import { readJetStreamAccounts } from '../../../../src/nats/conf/settings/jetstream-accounts.ts';
import { findLostStreams } from '../../../../src/nats/mesh/jetstream.ts';

const surroundings = { files: new Map<string, string>(), environment: new Set<string>() };

function accountsOf(text: string) {
  return readJetStreamAccounts(parseConfiguration({ input: 'config', file: 'config', text }, surroundings));
}

const STREAMS = ['$G', 'A', 'B'].map((account) => ({ account, name: 'S', replicas: 1, isMoving: false }));

describe('the accounts that have JetStream after a start', () => {
  test.each([
    ['no configuration', undefined, { kind: 'global' }],
    ['the system account alone', accountsOf('accounts { $SYS {} }'), { kind: 'global' }],
    ['an operator', accountsOf('operator: eyJ'), { kind: 'operator' }],
    [
      'accounts without JetStream',
      accountsOf('accounts { A {}, B { jetstream: false } }'),
      { kind: 'named', accounts: [] },
    ],
    ['the short form', accountsOf('accounts: [A, B]'), { kind: 'named', accounts: [] }],
  ])('of %s', (_, accounts, expected) => {
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
  ])('say so by %s', (_, written, limits) => {
    const accounts = [{ name: 'A', memoryBytes: 0, fileBytes: 0, ...limits }];
    expect(accountsOf(`WANTED: enabled\naccounts { A { jetstream: ${written} } }`)).toEqual({
      kind: 'named',
      accounts,
    });
  });
});

describe('streams are lost', () => {
  test.each([
    ['of every account but $G where no other account is configured', '', ['A', 'B']],
    [
      'of $G where another account is, and of accounts without JetStream',
      'accounts { A { jetstream: true }, B {} }',
      ['$G', 'B'],
    ],
    ['of accounts that are gone', 'accounts { B { jetstream: true } }', ['$G', 'A']],
    ['of none where JWTs say who has JetStream', 'operator: eyJ', []],
  ])('%s', (_, text, lost) => {
    expect([...findLostStreams(STREAMS, accountsOf(text)).keys()]).toEqual(lost);
  });
});
