import { isEnabled, otherAccounts } from '../nats/conf/jetstream-accounts.ts';
import { isOperated } from '../nats/conf/operator.ts';
import { type ConfBlock, type ConfValue, isBlock, isList, resolved } from '../nats/conf/value.ts';
import { isReloadable } from './reloadable.ts';

/**
 * Writes down what of a configuration only a server that starts takes: where the text is the same, a running server
 * takes one for the other by a reload. Empty when a reload takes all of it. The order of keys and their case mean
 * nothing. `jetstream`: whether servers keep streams.
 */
export function restartPart(configuration: ConfBlock, { jetstream }: { readonly jetstream: boolean }): string {
  const accounts = jetstream && !isOperated(configuration) ? accountEntries(configuration) : [];
  const entries = [...entriesBelow('', configuration), ...accounts];
  return entries.length === 0 ? '' : textOfEntries(entries);
}

type Entry = readonly [key: string, text: string];

/**
 * Which accounts have JetStream, and with what limits. A reload leaves `$G` its JetStream when other accounts come, and
 * compares no limit with what the streams that are there reserve; a start does neither (`enableJetStreamAccounts`).
 */
function accountEntries(configuration: ConfBlock): readonly Entry[] {
  const others = otherAccounts(configuration);
  const enabled = others.flatMap(({ key, setting }): readonly Entry[] =>
    setting !== undefined && isEnabled(setting) ? [[key, textOf(setting)]] : [],
  );
  return others.length === 0 ? [] : [['accounts with jetstream', textOfEntries(enabled)]];
}

function entriesBelow(path: string, { entries }: ConfBlock): readonly Entry[] {
  return Object.entries(entries).flatMap(([key, value]): readonly Entry[] => {
    const name = key.toLowerCase();
    const below = path === '' ? name : `${path}.${name}`;
    if (isReloadable(below)) return [];
    const actual = resolved(value);
    if (!isBlock(actual) || Object.keys(actual.entries).length === 0) return [[name, textOf(actual)]];
    const inner = entriesBelow(below, actual);
    return inner.length === 0 ? [] : [[name, textOfEntries(inner)]];
  });
}

function textOf(value: ConfValue): string {
  const actual = resolved(value);
  if (typeof actual === 'string') return JSON.stringify(actual);
  if (typeof actual !== 'object') return String(actual);
  if (isList(actual)) return `[${actual.items.map(textOf).join(',')}]`;
  if (!isBlock(actual)) return actual.kind === 'variable' ? `$${actual.name}` : actual.text;
  return textOfEntries(Object.entries(actual.entries).map(([key, inner]) => [key.toLowerCase(), textOf(inner)]));
}

function textOfEntries(entries: readonly Entry[]): string {
  const sorted = entries.toSorted(([left], [right]) => (left < right ? -1 : 1));
  return `{${sorted.map(([key, text]) => `${JSON.stringify(key)}:${text}`).join(',')}}`;
}
