import { expect, test } from '@jest/globals';
import { formatDistance } from '../../../src/text/duration-text.ts';

const NOW = new Date('2026-11-30T12:00:00Z');
const HOUR_MS = 3_600_000;

test.each([
  [1, 'in 1 hour'],
  [-5, '5 hours ago'],
  [90 * 24, 'in 90 days'],
  [729 * 24, 'in 729 days'],
  [730 * 24, 'in 2 years'],
  [1825 * 24, 'in 5 years'],
  [-1826 * 24, '5 years ago'],
])('a date %d hours from now is %s', (hours, text) => {
  expect(formatDistance(new Date(NOW.getTime() + hours * HOUR_MS), NOW)).toBe(text);
});
