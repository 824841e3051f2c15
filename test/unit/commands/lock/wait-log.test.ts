import { expect, test } from '@jest/globals';
import { describeWait } from '../../../../src/commands/lock/claim.ts';
import { WaitLog } from '../../../../src/commands/lock/lock.ts';
import type { LeaseState } from '../../../../src/objects/lease.ts';

const lease: LeaseState = {
  uid: 'u',
  resourceVersion: '1',
  holder: 'a run',
  ttlMs: 30_000,
  acquiredAt: '2026-11-26T05:51:36.816000Z',
  transitions: 0,
};
const ref = { name: 'nats-deploy', namespace: 'messaging' };

test('the wait for the lock prints a line for each holder, and a heartbeat with the holder and the time left', async () => {
  const lines: string[] = [];
  const log = new WaitLog(ref, {
    waiting: (line) => lines.push(line),
    beforeNaming: async () => void (await Promise.resolve(lines.push('(secrets are known)'))),
    leftMs: () => 480_400,
  });
  for (const ms of [0, 1_000, 14_999, 15_000, 16_000, 30_000]) await log.show(lease, ms);
  await log.show({ ...lease, holder: 'another run' }, 31_000);
  await log.show({ ...lease, holder: 'another run' }, 45_000);
  await log.show({ ...lease, holder: 'another run' }, 46_000);
  expect(lines).toEqual([
    '(secrets are known)',
    'waiting for the lock (Lease messaging/nats-deploy): held by a run since 2026-11-26 05:51 UTC',
    'still waiting for the lock (Lease messaging/nats-deploy), 480 s left: held by a run since 2026-11-26 05:51 UTC',
    'still waiting for the lock (Lease messaging/nats-deploy), 480 s left: held by a run since 2026-11-26 05:51 UTC',
    '(secrets are known)',
    'waiting for the lock (Lease messaging/nats-deploy): held by another run since 2026-11-26 05:51 UTC',
    'still waiting for the lock (Lease messaging/nats-deploy), 480 s left: held by another run since 2026-11-26 05:51 UTC',
  ]);
});

test('the heartbeat has no time left if that is unknown', async () => {
  const lines: string[] = [];
  const log = new WaitLog(ref, { waiting: (line) => lines.push(line) });
  await log.show(lease, 0);
  await log.show(lease, 20_000);
  expect(lines[1]).toBe(
    'still waiting for the lock (Lease messaging/nats-deploy): held by a run since 2026-11-26 05:51 UTC',
  );
});

test.each([
  [undefined, 'held by a run'],
  ['nonsense', 'held by a run since nonsense'],
])('an invalid acquire time of the holder is printed as it is: %s', (acquiredAt, text) => {
  expect(describeWait(ref, { ...lease, acquiredAt })).toBe(
    `waiting for the lock (Lease messaging/nats-deploy): ${text}`,
  );
});
