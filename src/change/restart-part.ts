import { type ConfBlock, type ConfValue, isBlock, isList, resolved } from '../nats/conf/value.ts';
import { isReloadable } from './reloadable.ts';

/**
 * What of a configuration only a server that starts takes, as text: where it is the same, a running server takes one for
 * the other by a reload. Empty when a reload takes all of it. The order of keys and their case mean nothing.
 */
export function restartPart(configuration: ConfBlock): string {
  const entries = entriesBelow('', configuration);
  return entries.length === 0 ? '' : textOfEntries(entries);
}

type Entry = readonly [key: string, text: string];

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
