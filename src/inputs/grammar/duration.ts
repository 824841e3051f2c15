import { accept, type Grammar, refuse } from './row.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const UNITS = [
  { letter: 'd', ms: DAY_MS },
  { letter: 'h', ms: HOUR_MS },
  { letter: 'm', ms: MINUTE_MS },
  { letter: 's', ms: SECOND_MS },
] as const;

/** The spellings that users write instead; read only to suggest the right one. */
const WORDS = [
  { pattern: /^(?:|s|secs?|seconds?)$/, ms: SECOND_MS },
  { pattern: /^(?:m|mins?|minutes?)$/, ms: MINUTE_MS },
  { pattern: /^(?:h|hrs?|hours?)$/, ms: HOUR_MS },
  { pattern: /^(?:d|days?)$/, ms: DAY_MS },
  { pattern: /^(?:w|weeks?)$/, ms: 7 * DAY_MS },
  { pattern: /^(?:y|years?)$/, ms: 365 * DAY_MS },
  { pattern: /^(?:ms|milliseconds?)$/, ms: 1 },
] as const;

/** Makes the grammar of a time span in milliseconds: a whole number and one unit, `30s 10m 12h 90d`. */
export function duration(least: string, most: string): Grammar<number> {
  const leastMs = parseDuration(least) ?? 0;
  const mostMs = parseDuration(most) ?? Number.MAX_SAFE_INTEGER;
  return {
    expected: `a duration from ${least} to ${most}, as \`30s\`, \`10m\`, \`12h\` or \`90d\``,
    example: least,
    typing: { type: 'string' },
    parse: (text) => {
      const ms = parseDuration(text);
      const meantMs = ms ?? guessDuration(text);
      if (meantMs === undefined) return refuse();
      const boundedMs = Math.min(Math.max(meantMs, leastMs), mostMs);
      return ms === boundedMs ? accept(ms) : refuse({ suggestion: formatDuration(boundedMs) });
    },
  };
}

/** Formats a duration in its shortest exact spelling, `5400000` → `90m`; rounded up to whole seconds. */
export function formatDuration(ms: number): string {
  const wholeMs = Math.ceil(ms / SECOND_MS) * SECOND_MS;
  const unit = UNITS.find((candidate) => wholeMs > 0 && wholeMs % candidate.ms === 0);
  return unit === undefined ? '0s' : `${wholeMs / unit.ms}${unit.letter}`;
}

function parseDuration(text: string): number | undefined {
  const [, digits, letter] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const unit = UNITS.find((candidate) => candidate.letter === letter);
  return digits === undefined || unit === undefined ? undefined : Number(digits) * unit.ms;
}

function guessDuration(text: string): number | undefined {
  if (text.length > 40 || !/^\d[\d.\sa-z]*$/i.test(text)) return undefined;
  let sumMs = 0;
  for (const [, digits, word] of text.matchAll(/(\d{1,9}(?:\.\d{1,3})?)\s*([a-z]*)/gi)) {
    const unitMs = WORDS.find(({ pattern }) => pattern.test((word ?? '').toLowerCase()))?.ms;
    if (unitMs === undefined) return undefined;
    sumMs += Number(digits) * unitMs;
  }
  return sumMs;
}
