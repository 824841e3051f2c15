/** The bytes of one unit by the suffix of a size in lower case, for example 1024n for `kb`. */
const UNITS: Readonly<Record<string, bigint>> = { '': 1n, ...powers(1000n, ['']), ...powers(1024n, ['b', 'i', 'ib']) };

/**
 * Returns the bytes of one unit by nats-server's own suffixes: `k` is 1000 bytes, `kb`, `ki` and `kib` are 1024, up to
 * `e` (conf/lex.go, `isNumberSuffix`; conf/parse.go, `itemInteger`). Returns undefined for an unknown suffix.
 */
export function findSizeUnit(suffix: string): bigint | undefined {
  const lower = suffix.toLowerCase();
  return Object.hasOwn(UNITS, lower) ? UNITS[lower] : undefined;
}

function powers(base: bigint, endings: readonly string[]): Readonly<Record<string, bigint>> {
  const letters = ['k', 'm', 'g', 't', 'p', 'e'];
  return Object.fromEntries(
    letters.flatMap((letter, index) => endings.map((ending) => [`${letter}${ending}`, base ** BigInt(index + 1)])),
  );
}
