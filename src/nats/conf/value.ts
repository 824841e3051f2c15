/**
 * One value of a nats-server configuration (nats-server `conf/lex.go`, `conf/parse.go`). Blocks and lists are tagged,
 * so that a variable is never mistaken for a block.
 */
export type ConfValue = string | number | boolean | ConfVariable | ConfList | ConfBlock;

/** `$NAME`: always a whole value, never a part of a string; the server parses what the variable holds as a value. */
export type ConfVariable = { readonly kind: 'variable'; readonly name: string };

export type ConfList = { readonly kind: 'list'; readonly items: readonly ConfValue[] };

export type ConfBlock = { readonly kind: 'block'; readonly entries: Readonly<Record<string, ConfValue>> };

export function variable(name: string): ConfVariable {
  return { kind: 'variable', name };
}

export function list(items: readonly ConfValue[]): ConfList {
  return { kind: 'list', items };
}

/** The entries in the order given, without those that are undefined. */
export function block(entries: Readonly<Record<string, ConfValue | undefined>>): ConfBlock {
  const present = Object.entries(entries).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as const],
  );
  return { kind: 'block', entries: Object.fromEntries(present) };
}
