import type { JetStreamAccounts } from '../conf/jetstream-accounts.ts';
import type { StoredStream } from './jsz.ts';

/** Returns, by account, the streams that no server serves after it has started with these accounts. */
export function lostStreams(
  streams: readonly StoredStream[],
  accounts: JetStreamAccounts,
): ReadonlyMap<string, readonly StoredStream[]> {
  const lost = streams.filter(({ account }) => !isServed(account, accounts));
  return Map.groupBy(lost, ({ account }) => account);
}

function isServed(account: string, accounts: JetStreamAccounts): boolean {
  switch (accounts.kind) {
    case 'global':
      return account === '$G';
    case 'named':
      return accounts.accounts.some(({ name }) => name === account);
    case 'operator':
      return true;
  }
}
