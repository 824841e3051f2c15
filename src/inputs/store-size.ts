import { accepted, type Grammar, refused } from './grammar.ts';
import { quantityAmount } from './quantity.ts';

/** A size as written, for Kubernetes, and in bytes, for nats-server. */
export type StoreSize = { readonly quantity: string; readonly bytes: number };

/** The smallest size. A smaller number lacks its unit. */
const LEAST_BYTES = 2 ** 20;
const MOST_BYTES = 2 ** 50;

/** The grammar of whole bytes as a Kubernetes quantity, or of no bytes at all (`0`). */
export const storeSize: Grammar<StoreSize> = {
  expected: 'a Kubernetes quantity from `1Mi` to `1Pi`, or `0`',
  example: '20Gi',
  typing: { type: 'string' },
  parse: (text) => {
    const bytes = bytesOf(text);
    if (bytes !== undefined && isStorable(bytes)) return accepted({ quantity: text, bytes });
    const meant = repaired(text);
    return refused({ suggestion: isStorable(bytesOf(meant) ?? -1) ? meant : undefined });
  },
};

function isStorable(bytes: number): boolean {
  return bytes === 0 || (bytes >= LEAST_BYTES && bytes <= MOST_BYTES);
}

function bytesOf(text: string): number | undefined {
  const amount = quantityAmount(text);
  return amount === undefined || !Number.isSafeInteger(amount) ? undefined : amount;
}

/** Repairs a size: `10 GB`, `10gib` and `10` (without a unit) → `10Gi`. */
function repaired(text: string): string {
  const [, digits = '', unit = ''] = /^(\d{1,6})\s*([kmgtp]?)i?b?$/i.exec(text) ?? [];
  return `${digits}${(unit || 'G').toUpperCase()}i`;
}
