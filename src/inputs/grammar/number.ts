import { accepted, type Grammar, refused } from './row.ts';

/** Makes the grammar of a whole number from `least` to `most`, both included. */
export function integer(least: number, most: number): Grammar<number> {
  return {
    expected: `a whole number from ${least} to ${most}`,
    example: String(least),
    typing: { type: 'integer' },
    parse: (text) => {
      if (!/^[+-]?\d{1,15}$/.test(text)) {
        const digits = /^(\d{1,15})\.0+$/.exec(text)?.[1];
        return refused({ suggestion: digits === undefined ? undefined : String(clamp(Number(digits), least, most)) });
      }
      const value = Number(text);
      const bounded = clamp(value, least, most);
      return value === bounded ? accepted(value) : refused({ suggestion: String(bounded) });
    },
  };
}

/**
 * nats-server's own suffixes: `K` is 1000 bytes, `KB` and `KiB` are 1024 (conf/lex.go, `isNumberSuffix`;
 * conf/parse.go).
 */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['b', 1],
  ['k', 1000],
  ['kb', 1024],
  ['ki', 1024],
  ['kib', 1024],
  ['m', 1000 ** 2],
  ['mb', 1024 ** 2],
  ['mi', 1024 ** 2],
  ['mib', 1024 ** 2],
]);

/** Makes the grammar of bytes, as a plain number or with one of nats-server's suffixes. */
export function size(leastBytes: number, mostBytes: number): Grammar<number> {
  return {
    expected: `a size from ${leastBytes} to ${mostBytes} bytes, as \`65536\`, \`64KB\` (1024 bytes each) or \`1MB\``,
    example: String(leastBytes),
    typing: { type: 'string' },
    parse: (text) => {
      const [, digits, suffix] = /^(\d{1,12})\s*([a-zA-Z]{0,3})$/.exec(text) ?? [];
      const unit = suffix === undefined ? undefined : UNITS.get(suffix.toLowerCase());
      if (digits === undefined || unit === undefined) return refused();
      const bytes = Number(digits) * unit;
      const bounded = clamp(bytes, leastBytes, mostBytes);
      return bytes === bounded ? accepted(bytes) : refused({ suggestion: String(bounded) });
    },
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
