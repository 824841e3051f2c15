import { isRecord, type JsonRecord } from '../../objects/json.ts';
import { accept, type Parsed, refuse } from './row.ts';
import { findClosest } from './violations.ts';
import { readYaml, YamlProblem } from './yaml.ts';

/**
 * The error for a structured text of the wrong form. Its message is the expected form. The message names positions,
 * never values, because values may be secret.
 */
export class ShapeProblem extends Error {}

/** Makes the parser of a YAML text. `read` converts the YAML to a value, or throws a ShapeProblem. */
export function createShapeParser<Value>(
  read: (value: unknown) => Value,
  mostCharacters = Number.POSITIVE_INFINITY,
): (text: string) => Parsed<Value> {
  // Each input is parsed twice: once for its secrets and once for its value. A long text is slow to parse, so the last
  // result is kept.
  let last: { readonly text: string; readonly parsed: Parsed<Value> } | undefined;
  return (text) => {
    if (last?.text !== text) last = { text, parsed: parseShape(text, read, mostCharacters) };
    return last.parsed;
  };
}

function parseShape<Value>(text: string, read: (value: unknown) => Value, mostCharacters: number): Parsed<Value> {
  try {
    if (text.length > mostCharacters) throw new ShapeProblem(`at most ${mostCharacters} characters`);
    return accept(read(readShapeYaml(text)));
  } catch (error) {
    if (error instanceof ShapeProblem) return refuse({ expected: error.message });
    throw error;
  }
}

/**
 * Reads a YAML text.
 * @throws ShapeProblem when the text is not YAML.
 */
function readShapeYaml(text: string): unknown {
  try {
    return readYaml(text, { maxAliasCount: 0 });
  } catch (error) {
    if (error instanceof YamlProblem) throw new ShapeProblem(`valid YAML (${error.message})`);
    throw error;
  }
}

/**
 * Returns the items of a list.
 * @throws ShapeProblem when the value is not a list, is empty, or has more than `most` items.
 */
export function requireItems(value: unknown, where: string, most: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > most) {
    throw new ShapeProblem(`${where} to be a list of 1 to ${most} items`);
  }
  return value;
}

/**
 * Returns the fields of a mapping.
 * @throws ShapeProblem when the value is not a mapping, or has an unknown key.
 */
export function requireFields<Key extends string>(
  value: unknown,
  where: string,
  keys: readonly Key[],
): ReadonlyMap<Key, unknown> {
  return new Map(
    Object.entries(requireMapping(value, where)).map(([written, field]) => {
      const key = keys.find((candidate) => candidate === written);
      if (key === undefined) throw new ShapeProblem(describeUnknownKey(written, where, keys));
      return [key, field] as const;
    }),
  );
}

/**
 * Returns the value as a mapping.
 * @throws ShapeProblem when it is not a mapping.
 */
export function requireMapping(value: unknown, where: string): JsonRecord {
  if (isRecord(value)) return value;
  throw new ShapeProblem(`${where} to be a mapping`);
}

/**
 * Returns the value as text.
 * @throws ShapeProblem when it is not text.
 */
export function requireText(value: unknown, where: string): string {
  if (typeof value === 'string') return value;
  const isBare = typeof value === 'number' || typeof value === 'boolean';
  throw new ShapeProblem(`${where} to be text${isBare ? ': put it in quotes' : ''}`);
}

function describeUnknownKey(written: string, where: string, keys: readonly string[]): string {
  const meant = findClosest(written.slice(0, 100), keys);
  const known = keys.map((key) => `\`${key}\``).join(', ');
  return `only ${known} in ${where}${meant === undefined ? '' : ` (did you mean \`${meant}\`?)`}`;
}
