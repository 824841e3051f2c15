import { accepted, type Grammar, refused } from './grammar.ts';
import { quantityAmount } from './quantity.ts';

/** As it was written, for Kubernetes, and what it comes to, for nats-server. */
export type StoreSize = { readonly quantity: string; readonly bytes: number };

/** Less is a number whose unit was forgotten. */
const LEAST_BYTES = 2 ** 20;
const MOST_BYTES = 2 ** 50;

/** Whole bytes as a Kubernetes quantity, or nothing at all (`0`). */
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

/** `10 GB`, `10gib` and `10` (of what?) → `10Gi`. */
function repaired(text: string): string {
  const [, digits = '', unit = ''] = /^(\d{1,6})\s*([kmgtp]?)i?b?$/i.exec(text) ?? [];
  return `${digits}${(unit || 'G').toUpperCase()}i`;
}
