import { expect, test } from '@jest/globals';
import { formatDate, formatDistance, formatElapsed } from '../../../src/text/duration-text.ts';

const NOW = new Date('2026-11-30T12:00:00Z');
const HOUR_MS = 3_600_000;

test.each([
  [0, 'in 0 hours'],
  [0.4, 'in 0 hours'],
  [0.6, 'in 1 hour'],
  [1, 'in 1 hour'],
  [2, 'in 2 hours'],
  [-1, '1 hour ago'],
  [23, 'in 23 hours'],
  [24, 'in 1 day'],
  [-24, '1 day ago'],
  [36, 'in 2 days'],
  [-5, '5 hours ago'],
  [90 * 24, 'in 90 days'],
  [729 * 24, 'in 729 days'],
  [730 * 24, 'in 2 years'],
  [-730 * 24, '2 years ago'],
  [1825 * 24, 'in 5 years'],
  [-1826 * 24, '5 years ago'],
])('a date %d hours from now is %s', (hours, text) => {
  expect(formatDistance(new Date(NOW.getTime() + hours * HOUR_MS), NOW)).toBe(text);
});

test.each([
  [0, '0.0 s'],
  [340, '0.3 s'],
  [59_900, '59.9 s'],
  [60_000, '1 min 0 s'],
  [61_900, '1 min 1 s'],
  [119_999, '1 min 59 s'],
  [3_600_000, '60 min 0 s'],
])('%d ms are %s', (ms, text) => {
  expect(formatElapsed(ms)).toBe(text);
});

test('a date is shown in UTC, to the minute', () => {
  expect(formatDate(new Date('2026-05-30T14:00:59+02:00'))).toBe('2026-05-30 12:00 UTC');
});
