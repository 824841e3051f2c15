import { type ConfBlock, type ConfValue, type Position, resolveVariable } from './value.ts';

/**
 * A block while it is read. Its values can refer to the entries that were read so far, in this block and in the blocks
 * around it.
 */
export type Scope = {
  readonly entries: Map<string, ConfValue>;
  readonly positions: Map<string, Position>;
  readonly outer: Scope | undefined;
};

/**
 * The size of a value after all variables in it are replaced. A few lines can stand for more values than memory can
 * hold.
 */
export type Extent = { readonly depth: number; readonly values: number };

/**
 * The maximum nesting depth; `MAX_VALUES` is the maximum number of values. nats-server has no such limits. A
 * configuration becomes too large for a Secret long before it reaches these limits.
 */
export const MAX_DEPTH = 100;
export const MAX_VALUES = 200_000;

export function createScope(outer: Scope | undefined): Scope {
  return { entries: new Map(), positions: new Map(), outer };
}

/** Adds an entry. The last of two entries with one key counts, as in nats-server. */
export function define(scope: Scope, key: string, value: ConfValue, position: Position): void {
  scope.entries.set(key, value);
  scope.positions.set(key, position);
}

export function closeScope({ entries, positions }: Scope): ConfBlock {
  return { kind: 'block', entries: Object.fromEntries(entries), positions };
}

/** Finds a value by name, from the innermost block outwards (`lookupVariable`). */
export function lookUp(scope: Scope, name: string): ConfValue | undefined {
  for (let current: Scope | undefined = scope; current !== undefined; current = current.outer) {
    const value = current.entries.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The extents of blocks and lists. Each is remembered, so that a value used twice is measured once. */
export class Extents {
  readonly #known = new WeakMap<object, Extent>();

  measure(value: ConfValue): Extent {
    const actual = resolveVariable(value);
    if (typeof actual !== 'object' || (actual.kind !== 'block' && actual.kind !== 'list'))
      return { depth: 0, values: 1 };
    const before = this.#known.get(actual);
    if (before !== undefined) return before;
    const inner = actual.kind === 'list' ? actual.items : Object.values(actual.entries);
    let depth = 0;
    let values = 1;
    for (const item of inner) {
      const extent = this.measure(item);
      depth = Math.max(depth, extent.depth);
      values += extent.values;
    }
    const extent = { depth: depth + 1, values };
    this.#known.set(actual, extent);
    return extent;
  }
}
