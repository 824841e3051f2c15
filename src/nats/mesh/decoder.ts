import { isRecord, type JsonRecord, memberOf } from '../../objects/json.ts';

/**
 * The result of a decoder: the typed value, or the path and the description of the first difference from the expected
 * form.
 */
export type Decoded<Value> = { readonly kind: 'decoded'; readonly value: Value } | Malformed;

type Malformed = { readonly kind: 'malformed'; readonly path: string; readonly message: string };

/**
 * Decodes the answer to `$SYS.REQ.SERVER.<id>.<what>` (`ServerAPIResponse` of nats-server `server/events.go`:
 * `{ server, data }`, or `error` instead of data), or the plain document of the monitoring port.
 */
export function decodeAnswer<Value>(answer: unknown, read: (fields: FieldReader) => Value): Decoded<Value> {
  if (!isRecord(answer)) {
    return { kind: 'malformed', path: '', message: `expected an object, got ${describeKind(answer)}` };
  }
  const failures: Malformed[] = [];
  const envelope = new FieldReader(answer, '', failures);
  const error = envelope.optionalObject('error');
  if (error !== undefined) {
    const description = error.optionalText('description')?.slice(0, 200) ?? 'no description';
    return { kind: 'malformed', path: 'error', message: `the server answered ${JSON.stringify(description)}` };
  }
  const isEnvelope = Object.hasOwn(answer, 'server') || Object.hasOwn(answer, 'data');
  const fields = isEnvelope ? envelope.object('data') : envelope;
  const value = read(fields);
  return failures[0] ?? { kind: 'decoded', value };
}

/**
 * Reads the fields of one JSON object. A field of an unexpected form is recorded, and reads as an empty value. The
 * caller never sees that value, because the first record makes the whole answer malformed.
 */
export class FieldReader {
  readonly #object: JsonRecord;
  readonly #path: string;
  readonly #failures: Malformed[];

  constructor(object: JsonRecord, path: string, failures: Malformed[]) {
    this.#object = object;
    this.#path = path;
    this.#failures = failures;
  }

  text(name: string): string {
    const value = this.#value(name);
    return typeof value === 'string' && value !== '' ? value : this.#fail(name, value, 'a string with content', '');
  }

  /** Returns a text; undefined for the empty string too, because Go writes it for a missing string. */
  optionalText(name: string): string | undefined {
    const value = this.#value(name) ?? '';
    return typeof value === 'string' ? value || undefined : this.#fail(name, value, 'a string', undefined);
  }

  /** Returns a boolean. A missing field is false, because Go's `omitempty` leaves out false. */
  flag(name: string): boolean {
    const value = this.#value(name) ?? false;
    return typeof value === 'boolean' ? value : this.#fail(name, value, 'a boolean', false);
  }

  integer(name: string): number {
    const value = this.#value(name);
    return typeof value === 'number' && Number.isSafeInteger(value) ? value : this.#fail(name, value, 'an integer', 0);
  }

  optionalInteger(name: string): number | undefined {
    return this.#value(name) === undefined ? undefined : this.integer(name);
  }

  /** Returns a time of RFC 3339, in milliseconds since the epoch. */
  time(name: string): number {
    const value = this.#value(name);
    const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
    return Number.isNaN(at) ? this.#fail(name, value, 'a time of RFC 3339', 0) : at;
  }

  /**
   * Returns a list of texts. A missing field and `null` are the empty list, because Go writes a nil slice as `null`.
   */
  texts(name: string): readonly string[] {
    return this.#items(name).map((item, index) =>
      typeof item === 'string' ? item : this.#fail(`${name}[${index}]`, item, 'a string', ''),
    );
  }

  /** Returns a required list, which may be empty. A missing list is an error, not an empty list. */
  objects(name: string): readonly FieldReader[] {
    if (this.#value(name) === undefined) {
      return this.#fail(name, undefined, 'a list', []);
    }
    return this.#items(name).map((item, index) => this.#inner(`${name}[${index}]`, item));
  }

  /** Returns a list. A missing field is the empty list, because Go's `omitempty` leaves out empty lists. */
  optionalObjects(name: string): readonly FieldReader[] {
    return this.#value(name) === undefined ? [] : this.objects(name);
  }

  object(name: string): FieldReader {
    return this.#inner(name, this.#value(name));
  }

  optionalObject(name: string): FieldReader | undefined {
    return this.#value(name) === undefined ? undefined : this.object(name);
  }

  #inner(name: string, value: unknown): FieldReader {
    const object = isRecord(value) ? value : this.#fail(name, value, 'an object', {});
    return new FieldReader(object, this.#at(name), this.#failures);
  }

  #items(name: string): readonly unknown[] {
    const value = this.#value(name) ?? [];
    return Array.isArray(value) ? value : this.#fail(name, value, 'a list', []);
  }

  /** Reads a field of the object itself, never of its prototype; null counts as absent. */
  #value(name: string): unknown {
    return memberOf(this.#object, name) ?? undefined;
  }

  #at(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }

  #fail<Empty>(name: string, value: unknown, expected: string, empty: Empty): Empty {
    const message = `expected ${expected}, got ${describeKind(value)}`;
    this.#failures.push({ kind: 'malformed', path: this.#at(name), message });
    return empty;
  }
}

function describeKind(value: unknown): string {
  if (value === undefined || value === null || value === '') {
    return value === '' ? 'an empty string' : 'nothing';
  }
  if (typeof value === 'object') {
    return Array.isArray(value) ? 'a list' : 'an object';
  }
  return typeof value === 'number' ? `the number ${value}` : `a ${typeof value}`;
}
