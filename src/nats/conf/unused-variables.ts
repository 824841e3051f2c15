import { type ConfBlock, type ConfValue, isBlock, type Position } from './value.ts';

/**
 * Without the definitions that nothing refers to any more, as when a list they stood for was merged: nats-server takes a
 * definition that is not used for an unknown field. `before` is the tree in which they were used.
 */
export function withoutUnusedVariables(merged: ConfBlock, before: ConfBlock): ConfBlock {
  const used = usedDefinitions(merged);
  const unused = new Set([...usedDefinitions(before)].filter((position) => !used.has(position)));
  return unused.size === 0 ? merged : without(merged, unused);
}

/** Where the keys stand that variables refer to. */
function usedDefinitions(root: ConfBlock): ReadonlySet<Position> {
  const found = new Set<Position>();
  const visit = (value: ConfValue, around: readonly ConfBlock[]) => {
    if (typeof value !== 'object') return;
    if (value.kind === 'list') {
      for (const item of value.items) visit(item, around);
    } else if (value.kind === 'block') {
      for (const inner of Object.values(value.entries)) visit(inner, [value, ...around]);
    } else if (value.kind === 'variable' && value.value !== undefined) {
      const { name } = value;
      const holder = around.find(({ entries }) => Object.hasOwn(entries, name) && entries[name] === value.value);
      const position = holder?.positions?.get(name);
      if (position !== undefined) found.add(position);
    }
  };
  visit(root, []);
  return found;
}

/** What holds none of them stays the very block that variables refer to. */
function without(value: ConfBlock, unused: ReadonlySet<Position>): ConfBlock {
  let isSame = true;
  const kept = Object.entries(value.entries).flatMap(([key, inner]) => {
    const position = value.positions?.get(key);
    const isUnused = position !== undefined && unused.has(position);
    const next = isBlock(inner) ? without(inner, unused) : inner;
    isSame &&= !isUnused && next === inner;
    return isUnused ? [] : [[key, next] as const];
  });
  return isSame ? value : { ...value, entries: Object.fromEntries(kept) };
}
