/** Guards that read a JSON answer of unknown content; a value of another type counts as absent. */

export type JsonRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function recordOf(value: unknown): JsonRecord {
  return isRecord(value) ? value : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function recordsOf(value: unknown): readonly JsonRecord[] {
  return listOf(value).filter(isRecord);
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function textsOf(value: unknown): readonly string[] {
  return listOf(value).filter((item) => typeof item === 'string');
}

export function integerOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}

/** Returns the entries whose value is a string, for example of labels and annotations. */
export function textMapOf(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(recordOf(value)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(entries);
}

/** Returns the record's own field; undefined for a field that every object inherits. */
export function memberOf(record: JsonRecord, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** Parses JSON of unknown content. Returns `otherwise` for a text that is not JSON. */
export function parseJson(text: string, otherwise?: unknown): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return otherwise;
  }
}

/** Returns the value below a path of field names; undefined where the path ends early. */
export function valueAt(value: unknown, ...fields: readonly string[]): unknown {
  return fields.reduce<unknown>((inner, field) => (isRecord(inner) ? memberOf(inner, field) : undefined), value);
}

/** Returns the record below a path of field names; empty where the path ends early. */
export function recordAt(value: unknown, ...fields: readonly string[]): JsonRecord {
  return recordOf(valueAt(value, ...fields));
}

/** Returns the items of a list that are records; empty for any other value. */
export function recordsAt(value: unknown, ...fields: readonly string[]): readonly JsonRecord[] {
  const list = valueAt(value, ...fields);
  return Array.isArray(list) ? list.filter(isRecord) : [];
}
