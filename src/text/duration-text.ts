const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
const YEAR_MS = 365 * DAY_MS;

/** Returns a duration, for example `0.3 s`, `41.2 s` or `3 min 5 s`. */
export function formatElapsed(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

/**
 * Returns the distance of a date, rounded to the nearest unit, for example `in 90 days`, `in 5 years` or `3 hours ago`.
 */
export function formatDistance(date: Date, now: Date): string {
  const ms = date.getTime() - now.getTime();
  const [size, unit] = selectUnit(Math.abs(ms));
  const count = Math.round(Math.abs(ms) / size);
  const text = `${count} ${unit}${count === 1 ? '' : 's'}`;
  return ms < 0 ? `${text} ago` : `in ${text}`;
}

/** Selects the unit. A distance of less than two years is in days, because a difference of a day still matters. */
function selectUnit(ms: number): readonly [number, string] {
  if (ms < DAY_MS) return [HOUR_MS, 'hour'];
  return ms < 2 * YEAR_MS ? [DAY_MS, 'day'] : [YEAR_MS, 'year'];
}

/** Returns a date, for example `2026-05-30 12:00 UTC`. */
export function formatDate(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
