import { type ConfBlock, type ConfValue, type Position, resolved } from './value.ts';

/** A block while it is read, and what its values can refer to: the entries so far, of it and of those around it. */
export type Scope = {
  readonly entries: Map<string, ConfValue>;
  readonly positions: Map<string, Position>;
  readonly outer: Scope | undefined;
};

/** How much a value is once every variable in it is replaced: a few lines can stand for more than memory holds. */
export type Extent = { readonly depth: number; readonly values: number };

/** nats-server has no such limits; a configuration far below them does not fit a Secret. */
export const MOST_DEPTH = 100;
export const MOST_VALUES = 200_000;

export function scopeIn(outer: Scope | undefined): Scope {
  return { entries: new Map(), positions: new Map(), outer };
}

/** The last of two entries with one key counts, as in nats-server. */
export function define(scope: Scope, key: string, value: ConfValue, position: Position): void {
  scope.entries.set(key, value);
  scope.positions.set(key, position);
}

export function blockOf({ entries, positions }: Scope): ConfBlock {
  return { kind: 'block', entries: Object.fromEntries(entries), positions };
}

/** By block, from the inside out (`lookupVariable`). */
export function lookUp(scope: Scope, name: string): ConfValue | undefined {
  for (let current: Scope | undefined = scope; current !== undefined; current = current.outer) {
    const value = current.entries.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Remembers the extent of each block and list, so that a value used twice is measured once. */
export function extents(): (value: ConfValue) => Extent {
  const known = new WeakMap<object, Extent>();
  const extentOf = (value: ConfValue): Extent => {
    const actual = resolved(value);
    if (typeof actual !== 'object' || (actual.kind !== 'block' && actual.kind !== 'list'))
      return { depth: 0, values: 1 };
    const before = known.get(actual);
    if (before !== undefined) return before;
    const inner = actual.kind === 'list' ? actual.items : Object.values(actual.entries);
    let depth = 0;
    let values = 1;
    for (const item of inner) {
      const extent = extentOf(item);
      depth = Math.max(depth, extent.depth);
      values += extent.values;
    }
    const extent = { depth: depth + 1, values };
    known.set(actual, extent);
    return extent;
  };
  return extentOf;
}
