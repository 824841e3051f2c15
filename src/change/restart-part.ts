import { type ConfBlock, type ConfValue, isBlock, isList, resolveVariable } from '../nats/conf/reader/value.ts';
import { isEnabled, listAccounts } from '../nats/conf/settings/jetstream-accounts.ts';
import { isOperatorMode } from '../nats/conf/settings/operator.ts';
import { isReloadable } from './reloadable.ts';

/**
 * Returns the part of a configuration that only a starting server applies, as text. When two configurations have the
 * same text, a running server changes from one to the other via a configuration reload. The text is empty when a reload
 * applies everything. The order and the case of keys do not matter. `jetstream`: whether servers store streams.
 */
export function selectRestartPart(configuration: ConfBlock, { jetstream }: { readonly jetstream: boolean }): string {
  const accounts = jetstream && !isOperatorMode(configuration) ? listAccountEntries(configuration) : [];
  const entries = [...listEntriesBelow('', configuration), ...accounts];
  return entries.length === 0 ? '' : renderEntries(entries);
}

type Entry = readonly [key: string, text: string];

/**
 * Lists the accounts that have JetStream, with their limits. When other accounts are added, a reload leaves JetStream
 * enabled for `$G`, and it does not compare limits with the reservations of existing streams. A start differs in both
 * (`enableJetStreamAccounts`).
 */
function listAccountEntries(configuration: ConfBlock): readonly Entry[] {
  const others = listAccounts(configuration);
  const enabled = others.flatMap(({ key, setting }): readonly Entry[] =>
    setting !== undefined && isEnabled(setting) ? [[key, renderValue(setting)]] : [],
  );
  return others.length === 0 ? [] : [['accounts with jetstream', renderEntries(enabled)]];
}

function listEntriesBelow(path: string, { entries }: ConfBlock): readonly Entry[] {
  return Object.entries(entries).flatMap(([key, value]): readonly Entry[] => {
    const name = key.toLowerCase();
    const below = path === '' ? name : `${path}.${name}`;
    if (isReloadable(below)) return [];
    const actual = resolveVariable(value);
    if (!isBlock(actual) || Object.keys(actual.entries).length === 0) return [[name, renderValue(actual)]];
    const inner = listEntriesBelow(below, actual);
    return inner.length === 0 ? [] : [[name, renderEntries(inner)]];
  });
}

function renderValue(value: ConfValue): string {
  const actual = resolveVariable(value);
  if (typeof actual === 'string') return JSON.stringify(actual);
  if (typeof actual !== 'object') return String(actual);
  if (isList(actual)) return `[${actual.items.map(renderValue).join(',')}]`;
  if (!isBlock(actual)) return actual.kind === 'variable' ? `$${actual.name}` : actual.text;
  return renderEntries(Object.entries(actual.entries).map(([key, inner]) => [key.toLowerCase(), renderValue(inner)]));
}

function renderEntries(entries: readonly Entry[]): string {
  const sorted = entries.toSorted(([left], [right]) => (left < right ? -1 : 1));
  return `{${sorted.map(([key, text]) => `${JSON.stringify(key)}:${text}`).join(',')}}`;
}
