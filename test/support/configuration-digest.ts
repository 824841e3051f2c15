import { createHash } from 'node:crypto';
import { type ConfValue, resolveVariable } from '../../src/nats/conf/reader/value.ts';

/**
 * Returns the JSON that `encoding/json` of Go makes of the parsed configuration (`configDigest` in nats-server
 * `conf/parse.go`).
 */
export function goJson(value: ConfValue): string {
  const actual = resolveVariable(value);
  if (typeof actual === 'string') return goString(actual);
  if (typeof actual !== 'object') return String(actual === 0 ? 0 : actual);
  switch (actual.kind) {
    case 'float':
      return Object.is(Number(actual.text), -0) ? '-0' : String(Number(actual.text));
    case 'date':
      return goString(actual.text);
    case 'variable':
      throw new Error(`the environment gives $${actual.name}`);
    case 'list':
      return `[${actual.items.map(goJson).join(',')}]`;
    case 'block': {
      const keys = Object.keys(actual.entries).toSorted((left, right) =>
        Buffer.compare(Buffer.from(left), Buffer.from(right)),
      );
      return `{${keys.map((key) => `${goString(key)}:${goJson(actual.entries[key] ?? '')}`).join(',')}}`;
    }
  }
}

/** Returns the digest that `nats-server -t` prints: from 2.12 on with the used variables, before 2.12 without them. */
export function configurationDigest(configuration: ConfValue): string {
  return `sha256:${createHash('sha256')
    .update(`${goJson(configuration)}\n`)
    .digest('hex')}`;
}

function goString(text: string): string {
  return JSON.stringify(text).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
