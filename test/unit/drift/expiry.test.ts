import { describe, expect, test } from '@jest/globals';
import { findExpiryProblems } from '../../../src/drift/expiry.ts';

const DAY_MS = 86_400_000;
const now = new Date('2026-11-23T12:00:00.000Z');
const certificate = (name: string, daysLeft: number) => ({
  name,
  notAfter: new Date(now.getTime() + daysLeft * DAY_MS),
});
const problems = (...daysLeft: readonly number[]) =>
  findExpiryProblems(
    daysLeft.map((days) => certificate(`tls-nats-${days}`, days)),
    now,
    30 * DAY_MS,
  );

describe('the expiry of certificates', () => {
  test.each([
    [31, [], []],
    [30, [], []],
    [29.9, [], ['RenewalDue']],
    [15, [], ['RenewalDue']],
    [14.9, ['RenewalOverdue'], []],
    [0.1, ['RenewalOverdue'], []],
    [0, ['Expired'], []],
    [-400, ['Expired'], []],
  ])('with %d of 30 days left fails for %j and warns for %j', (daysLeft, failures, warnings) => {
    const found = problems(daysLeft);
    expect(found.failures.map(({ reason }) => reason)).toEqual(failures);
    expect(found.warnings.map(({ reason }) => reason)).toEqual(warnings);
  });

  test('is reported for every certificate at exactly one level', () => {
    const { failures, warnings } = problems(40, 20, -1, 10, 25);
    expect(failures.map(({ object }) => object)).toEqual(['tls-nats--1', 'tls-nats-10']);
    expect(warnings.map(({ object }) => object)).toEqual(['tls-nats-20', 'tls-nats-25']);
    for (const { object, message } of [...failures, ...warnings]) expect(message).toContain(object);
  });

  test('is fine if there are no certificates', () => {
    expect(problems()).toEqual({ failures: [], warnings: [] });
  });

  test('never occurs for an invalid date', () => {
    const { failures } = findExpiryProblems([{ name: 'x', notAfter: new Date(Number.NaN) }], now, DAY_MS);
    expect(failures).toMatchObject([{ object: 'x', reason: 'Unreadable' }]);
  });
});
