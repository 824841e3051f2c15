import { findSizeUnit } from '../../nats/size-units.ts';
import { accept, type Grammar, refuse } from './row.ts';

/** Makes the grammar of a whole number from `least` to `most`, both included. */
export function integer(least: number, most: number): Grammar<number> {
  return {
    expected: `a whole number from ${least} to ${most}`,
    example: String(least),
    typing: { type: 'integer' },
    parse: (text) => {
      if (!/^[+-]?\d{1,15}$/.test(text)) {
        const digits = /^(\d{1,15})\.0+$/.exec(text)?.[1];
        return refuse({ suggestion: digits === undefined ? undefined : String(clamp(Number(digits), least, most)) });
      }
      const value = Number(text);
      const bounded = clamp(value, least, most);
      return value === bounded ? accept(value) : refuse({ suggestion: String(bounded) });
    },
  };
}

/** Makes the grammar of bytes, as a plain number or with one of nats-server's suffixes. */
export function size(leastBytes: number, mostBytes: number): Grammar<number> {
  return {
    expected: `a size from ${leastBytes} to ${mostBytes} bytes, as \`65536\`, \`64KB\` (1024 bytes each) or \`1MB\``,
    example: String(leastBytes),
    typing: { type: 'string' },
    parse: (text) => {
      const [, digits, suffix = ''] = /^(\d{1,12})\s*(?:([km](?:b|i|ib)?)|b)?$/i.exec(text) ?? [];
      const unit = findSizeUnit(suffix);
      if (digits === undefined || unit === undefined) return refuse();
      const bytes = Number(digits) * Number(unit);
      const bounded = clamp(bytes, leastBytes, mostBytes);
      return bytes === bounded ? accept(bytes) : refuse({ suggestion: String(bounded) });
    },
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

/** apimachinery `resource.Quantity`: decimal number with a binary, decimal or exponent suffix. */
const QUANTITY =
  /^(?<digits>\d{1,15}(?:\.\d{1,9})?|\.\d{1,9})(?<suffix>m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d{1,2})?$/;

const FACTORS: ReadonlyMap<string, number> = new Map([
  ['m', 1e-3],
  ['k', 1e3],
  ['M', 1e6],
  ['G', 1e9],
  ['T', 1e12],
  ['P', 1e15],
  ['E', 1e18],
  ['Ki', 2 ** 10],
  ['Mi', 2 ** 20],
  ['Gi', 2 ** 30],
  ['Ti', 2 ** 40],
  ['Pi', 2 ** 50],
  ['Ei', 2 ** 60],
]);

/** Returns the amount of a Kubernetes quantity (`100m` → 0.1, `1Ki` → 1024); undefined if it is invalid. */
export function parseQuantity(text: string): number | undefined {
  const { digits, suffix = '' } = QUANTITY.exec(text)?.groups ?? {};
  if (digits === undefined) return undefined;
  if (/^[eE][+-]?\d/.test(suffix)) return Number(`${digits}${suffix}`);
  return Number(digits) * (FACTORS.get(suffix) ?? 1);
}
