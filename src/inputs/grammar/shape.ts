import { isRecord, type JsonRecord } from '../../objects/json.ts';
import { accepted, type Parsed, refused } from './row.ts';
import { closest } from './violations.ts';
import { readYaml, YamlProblem } from './yaml.ts';

/** The expected form of a structured text. The message names places, never values, because values may be secret. */
export class ShapeProblem extends Error {}

/** Makes the parser of a YAML text. `read` converts the YAML to a value, or throws a ShapeProblem. */
export function shaped<Value>(
  read: (value: unknown) => Value,
  mostCharacters = Number.POSITIVE_INFINITY,
): (text: string) => Parsed<Value> {
  // An input is read for its secrets and for its value: a long text is parsed only once.
  let last: { readonly text: string; readonly parsed: Parsed<Value> } | undefined;
  return (text) => {
    if (last?.text !== text) last = { text, parsed: parsedShape(text, read, mostCharacters) };
    return last.parsed;
  };
}

function parsedShape<Value>(text: string, read: (value: unknown) => Value, mostCharacters: number): Parsed<Value> {
  try {
    if (text.length > mostCharacters) throw new ShapeProblem(`at most ${mostCharacters} characters`);
    return accepted(read(yamlOf(text)));
  } catch (error) {
    if (error instanceof ShapeProblem) return refused({ expected: error.message });
    throw error;
  }
}

/**
 * Reads a YAML text.
 * @throws ShapeProblem when the text is not YAML.
 */
function yamlOf(text: string): unknown {
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
export function itemsOf(value: unknown, where: string, most: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > most) {
    throw new ShapeProblem(`${where} to be a list of 1 to ${most} items`);
  }
  return value;
}

/**
 * Returns the fields of a mapping.
 * @throws ShapeProblem when the value is not a mapping, or has an unknown key.
 */
export function fieldsOf<Key extends string>(
  value: unknown,
  where: string,
  keys: readonly Key[],
): ReadonlyMap<Key, unknown> {
  return new Map(
    Object.entries(mappingOf(value, where)).map(([written, field]) => {
      const key = keys.find((candidate) => candidate === written);
      if (key === undefined) throw new ShapeProblem(unknownKey(written, where, keys));
      return [key, field] as const;
    }),
  );
}

/**
 * Returns the value as a mapping.
 * @throws ShapeProblem when it is not a mapping.
 */
export function mappingOf(value: unknown, where: string): JsonRecord {
  if (isRecord(value)) return value;
  throw new ShapeProblem(`${where} to be a mapping`);
}

/**
 * Returns the value as text.
 * @throws ShapeProblem when it is not text.
 */
export function textAt(value: unknown, where: string): string {
  if (typeof value === 'string') return value;
  const isBare = typeof value === 'number' || typeof value === 'boolean';
  throw new ShapeProblem(`${where} to be text${isBare ? ': put it in quotes' : ''}`);
}

function unknownKey(written: string, where: string, keys: readonly string[]): string {
  const meant = closest(written.slice(0, 100), keys);
  const known = keys.map((key) => `\`${key}\``).join(', ');
  return `only ${known} in ${where}${meant === undefined ? '' : ` (did you mean \`${meant}\`?)`}`;
}
