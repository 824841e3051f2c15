/**
 * One value of a nats-server configuration (nats-server `conf/lex.go`, `conf/parse.go`). Every value except plain data
 * is tagged, so that a variable is never mistaken for a block. A number is an integer, or a fraction that is written
 * without exponent; a bigint is an integer of 64 bits that does not fit in a number.
 */
export type ConfValue = string | number | bigint | boolean | ConfFloat | ConfDate | ConfVariable | ConfList | ConfBlock;

/** A float as it was written: `1.0` is a float for nats-server, which refuses it if an integer is required. */
export type ConfFloat = { readonly kind: 'float'; readonly text: string };

/** A date of ISO 8601 in UTC, to the second: `2026-01-31T12:00:00Z`. */
export type ConfDate = { readonly kind: 'date'; readonly text: string };

/**
 * A variable `$NAME`: always a whole value, never a part of a string. `value` is the value of an entry further up.
 * Without it, the environment of the server has the value, and nats-server parses the text there as a value.
 */
export type ConfVariable = { readonly kind: 'variable'; readonly name: string; readonly value?: ConfValue };

export type ConfList = { readonly kind: 'list'; readonly items: readonly ConfValue[] };

export type ConfBlock = {
  readonly kind: 'block';
  readonly entries: Readonly<Record<string, ConfValue>>;
  /** The position where each key was read; absent for keys that no user wrote. */
  readonly positions?: ReadonlyMap<string, Position>;
};

/** A position; lines and columns count from 1, columns in characters. */
export type Position = { readonly file: string; readonly line: number; readonly column: number };

export function variable(name: string): ConfVariable {
  return { kind: 'variable', name };
}

export function list(items: readonly ConfValue[]): ConfList {
  return { kind: 'list', items };
}

/** Builds a block of the entries in the given order, without undefined ones. */
export function block(entries: Readonly<Record<string, ConfValue | undefined>>): ConfBlock {
  const present = Object.entries(entries).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as const],
  );
  return { kind: 'block', entries: Object.fromEntries(present) };
}

/** Returns the value that a variable stands for, if an entry defines it; otherwise the value itself. */
export function resolveVariable(value: ConfValue): ConfValue {
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
