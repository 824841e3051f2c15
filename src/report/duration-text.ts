const DAY_MS = 24 * 60 * 60_000;

/** `0.3 s`, `41.2 s`, `3 min 5 s` */
export function durationText(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

/** `in 89 days`, `today`, `3 days ago` */
export function daysText(date: Date, now: Date): string {
  const days = Math.floor((date.getTime() - now.getTime()) / DAY_MS);
  if (days === 0) return 'today';
  const count = Math.abs(days) === 1 ? '1 day' : `${Math.abs(days)} days`;
  return days < 0 ? `${count} ago` : `in ${count}`;
}

/** `2026-05-30 12:00 UTC` */
export function dateText(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
