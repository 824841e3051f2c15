import { describe, expect, test } from '@jest/globals';
import { LastingCauses } from '../../../src/causes/causes.ts';
import type { Cause } from '../../../src/causes/facts.ts';

/** The longest time between two observations of one lasting cause (src/causes/causes.ts). */
const GAP_MS = 2500;

const cause = (reason: string, patienceMs: number): Cause => ({
  code: 'ROLLOUT_STALLED',
  reason,
  object: 'Pod/nats-1',
  message: reason,
  evidence: [],
  hint: 'wait',
  fatal: true,
  patienceMs,
});

type Observation = { readonly at: number; readonly causes: readonly Cause[] };

const seen = (at: number, ...causes: readonly Cause[]): Observation => ({ at, causes });

/** Returns the reason that is certain after the last of these observations. */
function certainReason(observations: readonly Observation[]): string | undefined {
  const lasting = new LastingCauses();
  return observations.map(({ at, causes }) => lasting.add(causes, at)).at(-1)?.reason;
}

const slow = cause('Slow', 4000);
const twin = cause('Twin', 4000);
const quick = cause('Quick', 1000);

describe('a lasting cause', () => {
  test.each<[string, readonly Observation[], string | undefined]>([
    ['is certain at once, if it needs no patience', [seen(5, cause('Now', 0))], 'Now'],
    ['is not certain before its patience is over', [seen(500, quick), seen(1499, quick)], undefined],
    ['is certain when its patience is over', [seen(500, quick), seen(1500, quick)], 'Quick'],
    ['lasts while one observation takes long', [seen(0, slow), seen(4 * GAP_MS, slow)], 'Slow'],
    [
      'lasts when one observation within the gap misses it',
      [seen(100, slow), seen(2000, slow), seen(2100), seen(2000 + GAP_MS, slow)],
      'Slow',
    ],
    [
      'begins again when the observations miss it for longer than the gap',
      [seen(100, slow), seen(2000, slow), seen(2100), seen(2001 + GAP_MS, slow)],
      undefined,
    ],
    [
      'waits for a cause with less patience that is about to become certain',
      [seen(0, slow), seen(3001, slow, quick), seen(4000, slow, quick)],
      undefined,
    ],
    [
      'does not wait for a cause with less patience that is certain too',
      [seen(0, slow), seen(3000, slow, quick), seen(4000, slow, quick)],
      'Slow',
    ],
    [
      'does not wait for a cause with the same patience',
      [seen(0, slow), seen(3000, slow, twin), seen(4000, slow, twin)],
      'Slow',
    ],
  ])('%s', (_, observations, reason) => {
    expect(certainReason(observations)).toBe(reason);
  });
});
