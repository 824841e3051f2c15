import type { InputViolation } from '../../../errors/action-error.ts';
import { createViolation, type Problem } from '../reader/session.ts';
import { type ConfBlock, type ConfValue, isBlock, isList, type Position } from '../reader/value.ts';
import { isSecretField } from './secrets.ts';

/**
 * Removes the definitions that no variable refers to any more, for example when a list of variables was merged:
 * nats-server treats an unused definition as an unknown field. `before` is the tree before the merge, which used them.
 */
export function removeUnusedVariables(merged: ConfBlock, before: ConfBlock): ConfBlock {
  const used = findUsedDefinitions(merged);
  const unused = new Set([...findUsedDefinitions(before)].filter((position) => !used.has(position)));
  return unused.size === 0 ? merged : removeDefinitions(merged, unused);
}

/** Returns the positions of the keys that variables refer to. */
function findUsedDefinitions(root: ConfBlock): ReadonlySet<Position> {
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

/** Removes the unused definitions. A block without any of them stays the same object, because variables refer to it. */
function removeDefinitions(value: ConfBlock, unused: ReadonlySet<Position>): ConfBlock {
  let isSame = true;
  const kept = Object.entries(value.entries).flatMap(([key, inner]) => {
    const position = value.positions?.get(key);
    const isUnused = position !== undefined && unused.has(position);
    const next = isBlock(inner) ? removeDefinitions(inner, unused) : inner;
    isSame &&= !isUnused && next === inner;
    return isUnused ? [] : [[key, next] as const];
  });
  return isSame ? value : { ...value, entries: Object.fromEntries(kept) };
}

/** A pattern for `$NAME`, `${NAME}` or `$(NAME)`. A bcrypt hash has further `$`. */
const VARIABLE = /^\$(?:[A-Za-z_]\w*|\{\w+\}|\(\w+\))$/;
const IN_URL = /:\/\/[^\s/?#@:]*:\$(?:[A-Za-z_]\w*|\{\w+\}|\(\w+\))@/;

/**
 * Returns every secret that is a text like `"$NAME"`. nats-server replaces a variable only without quotes, so the name
 * itself, which is not secret, would be the password.
 */
export function findVariableTexts(input: string, tree: ConfBlock): readonly InputViolation[] {
  return Object.entries(tree.entries).flatMap(([key, value]) => {
    const position = tree.positions?.get(key);
    return position === undefined ? [] : findTexts(input, value, { key, position });
  });
}

type Place = { readonly key: string; readonly position: Position };

function findTexts(input: string, value: ConfValue, place: Place): readonly InputViolation[] {
  if (isBlock(value)) return findVariableTexts(input, value);
  if (isList(value)) return value.items.flatMap((item) => findTexts(input, item, place));
  if (typeof value !== 'string') return [];
  const isName = isSecretField(place.key) ? VARIABLE.test(value) : IN_URL.test(value);
  return isName ? [createViolation(input, place.position, describeVariableText(place.key))] : [];
}

function describeVariableText(key: string): Problem {
  return {
    says: `got the name of a variable as text in \`${key}\`; nothing replaces it, so that the name would be the secret`,
    fix: `insert the secret with an expression of the workflow, for example \`${key}: "\${{ secrets.NAME }}"\``,
  };
}

/**
 * Returns the variables that the Action's own entries refer to. A key of the same name would replace the environment
 * variable.
 */
export function listEnvironment(value: ConfValue): ReadonlySet<string> {
  if (typeof value !== 'object') return new Set();
  if (value.kind === 'variable') return new Set([value.name]);
  const inner = isList(value) ? value.items : isBlock(value) ? Object.values(value.entries) : [];
  return new Set(inner.flatMap((each) => [...listEnvironment(each)]));
}
