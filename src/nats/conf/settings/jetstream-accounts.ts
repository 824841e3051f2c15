import { type ConfBlock, type ConfValue, isBlock, isList, resolveVariable } from '../reader/value.ts';
import { type Field, findField, readFields } from './fields.ts';
import { isOperatorMode } from './operator.ts';

/** The accounts that have JetStream after servers have started with a configuration. */
export type JetStreamAccounts =
  /** The account `$G` alone: no other account exists (nats-server `globalAccountOnly`, `enableJetStreamAccounts`). */
  | { readonly kind: 'global' }
  /** The accounts that enable it. `$G` is never one of them, because its name is reserved in `accounts`. */
  | { readonly kind: 'named'; readonly accounts: readonly JetStreamAccount[] }
  /** The JWTs of the accounts decide. */
  | { readonly kind: 'operator' };

/** An account with its limits in bytes; 0 if the account reserves nothing. */
export type JetStreamAccount = { readonly name: string; readonly memoryBytes: number; readonly fileBytes: number };

const SYSTEM_ACCOUNT = '$SYS';

/** Reads which accounts have JetStream from the user's own configuration, which may be undefined. */
export function readJetStreamAccounts(configuration: ConfBlock | undefined): JetStreamAccounts {
  if (configuration === undefined) return { kind: 'global' };
  if (isOperatorMode(configuration)) return { kind: 'operator' };
  const others = listAccounts(configuration);
  if (others.length === 0) return { kind: 'global' };
  const accounts = others.flatMap(({ key, setting }) => (isEnabled(setting) ? [readAccount(key, setting)] : []));
  return { kind: 'named', accounts };
}

export type AccountSetting = {
  /** The name of the account. */
  readonly key: string;
  /** The value of its `jetstream`; undefined if it is absent. */
  readonly setting: ConfValue | undefined;
};

/** Returns all accounts of a configuration except the system account, by name. */
export function listAccounts(configuration: ConfBlock): readonly AccountSetting[] {
  return readAccountFields(configuration)
    .filter(({ key }) => key !== SYSTEM_ACCOUNT)
    .map(({ key, value }) => {
      const account = resolveVariable(value);
      const setting = isBlock(account) ? findField('jetstream', readFields('account', account))?.value : undefined;
      return { key, setting: setting === undefined ? undefined : resolveVariable(setting) };
    });
}

function readAccountFields(configuration: ConfBlock): readonly Pick<Field, 'key' | 'value'>[] {
  const accounts = resolveVariable(findField('accounts', readFields('top', configuration))?.value ?? '');
  if (isBlock(accounts)) return readFields('account', accounts);
  const names = isList(accounts) ? accounts.items.map(resolveVariable) : [];
  return names.flatMap((key) => (typeof key === 'string' ? [{ key, value: '' }] : []));
}

/** Checks whether the setting enables JetStream (nats-server `parseJetStreamForAccount` in `server/opts.go`). */
export function isEnabled(setting: ConfValue | undefined): boolean {
  if (typeof setting === 'string') return /^enabled?$/i.test(setting);
  return setting === true || isBlock(setting);
}

function readAccount(name: string, setting: ConfValue | undefined): JetStreamAccount {
  const limits = isBlock(setting) ? readFields('accountJetstream', setting) : [];
  const bytesOf = (limit: string): number => {
    const value = resolveVariable(findField(limit, limits)?.value ?? 0);
    // A limit below zero reserves nothing.
    return typeof value === 'number' || typeof value === 'bigint' ? Math.max(0, Number(value)) : 0;
  };
  return { name, memoryBytes: bytesOf('max_memory'), fileBytes: bytesOf('max_store') };
}
