export type JsonRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns the record's own field; undefined for a field that every object inherits. */
export function member(record: JsonRecord, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** Returns the value below a path of field names; undefined where the path ends early. */
export function valueAt(value: unknown, ...fields: readonly string[]): unknown {
  return fields.reduce<unknown>((inner, field) => (isRecord(inner) ? member(inner, field) : undefined), value);
}

/** Returns the items of a list that are records; empty for any other value. */
export function recordsAt(value: unknown, ...fields: readonly string[]): readonly JsonRecord[] {
  const list = valueAt(value, ...fields);
  return Array.isArray(list) ? list.filter(isRecord) : [];
}
