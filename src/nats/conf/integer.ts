const UNITS: Readonly<Record<string, bigint>> = { '': 1n, ...powers(1000n, ['']), ...powers(1024n, ['b', 'i', 'ib']) };

/** A whole number with the letters of a size after it, as nats-server reads it without quotes. */
export const SIZE = /^-?\d+[kmgtpe](?:b|i|ib)?$/i;

/**
 * Converts `8MB` to 8388608: `k` counts thousands, `kb`, `ki` and `kib` count 1024s (`conf/parse.go`, `itemInteger`).
 * Returns undefined if the unit is unknown or the result has more than 64 bits. nats-server drops the entry or wraps
 * the number in these cases.
 */
export function integerOf(text: string): number | bigint | undefined {
  const [, digits, suffix] = /^(-?[0-9]+)([a-z]*)$/i.exec(text) ?? [];
  if (digits === undefined || suffix === undefined) return undefined;
  const unit = Object.hasOwn(UNITS, suffix.toLowerCase()) ? UNITS[suffix.toLowerCase()] : undefined;
  if (unit === undefined || digits.length > 40) return undefined;
  const exact = BigInt(digits) * unit;
  if (BigInt.asIntN(64, exact) !== exact) return undefined;
  const plain = Number(exact);
  return Number.isSafeInteger(plain) ? plain : exact;
}

function powers(base: bigint, endings: readonly string[]): Readonly<Record<string, bigint>> {
  const letters = ['k', 'm', 'g', 't', 'p', 'e'];
  return Object.fromEntries(
    letters.flatMap((letter, index) => endings.map((ending) => [`${letter}${ending}`, base ** BigInt(index + 1)])),
  );
}
