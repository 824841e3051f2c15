/**
 * One value of a nats-server configuration (nats-server `conf/lex.go`, `conf/parse.go`). What is not plain data is
 * tagged, so that a variable is never mistaken for a block. A number is an integer, or a fraction that is written
 * without exponent; a bigint is an integer of 64 bits that a number does not hold.
 */
export type ConfValue = string | number | bigint | boolean | ConfFloat | ConfDate | ConfVariable | ConfList | ConfBlock;

/** As it was written: `1.0` is a float to nats-server, which refuses it where it wants an integer. */
export type ConfFloat = { readonly kind: 'float'; readonly text: string };

/** ISO 8601 in UTC, to the second: `2026-01-31T12:00:00Z`. */
export type ConfDate = { readonly kind: 'date'; readonly text: string };

/**
 * `$NAME`: always a whole value, never a part of a string. `value` is what an entry further up gave it; without one the
 * environment of the server gives it, and the server parses what it holds as a value.
 */
export type ConfVariable = { readonly kind: 'variable'; readonly name: string; readonly value?: ConfValue };

export type ConfList = { readonly kind: 'list'; readonly items: readonly ConfValue[] };

export type ConfBlock = {
  readonly kind: 'block';
  readonly entries: Readonly<Record<string, ConfValue>>;
  /** Where each key was read; absent for what nobody wrote. */
  readonly positions?: ReadonlyMap<string, Position>;
};

/** Lines and columns count from 1, columns in characters. */
export type Position = { readonly file: string; readonly line: number; readonly column: number };

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

/** What a value stands for: that of the variable, if an entry gave it one. */
export function resolved(value: ConfValue): ConfValue {
  let current = value;
  while (typeof current === 'object' && current.kind === 'variable' && current.value !== undefined) {
    current = current.value;
  }
  return current;
}

export function isBlock(value: ConfValue | undefined): value is ConfBlock {
  return typeof value === 'object' && value.kind === 'block';
}

export function isList(value: ConfValue | undefined): value is ConfList {
  return typeof value === 'object' && value.kind === 'list';
}
