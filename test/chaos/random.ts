/** Random draws that depend only on the seed. */
export type Draw = {
  /** Returns a number in [0, 1). */
  readonly share: () => number;
  /** Returns a whole number, both ends included. */
  readonly whole: (from: number, to: number) => number;
  readonly oneOf: <Choice>(choices: readonly [Choice, ...Choice[]]) => Choice;
  readonly chance: (share: number) => boolean;
};

/**
 * Makes draws by mulberry32 (https://github.com/cprosche/mulberry32): 32 bits of state are enough to distinguish cases.
 */
export function drawsOf(seed: number): Draw {
  let state = seed >>> 0;
  const share = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (from: number, to: number): number => from + Math.floor(share() * (to - from + 1));
  return {
    share,
    whole,
    oneOf: (choices) => choices[whole(0, choices.length - 1)] ?? choices[0],
    chance: (limit) => share() < limit,
  };
}
