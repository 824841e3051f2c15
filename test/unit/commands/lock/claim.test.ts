import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decideClaim, type ObservedLease, observeLease } from '../../../../src/commands/lock/claim.ts';
import { isFresh } from '../../../../src/commands/lock/held-lock.ts';
import type { LeaseState } from '../../../../src/objects/lease.ts';

const TTL_MS = 30_000;
const own = { holder: 'own', ttlMs: TTL_MS };
const theirs: LeaseState = {
  uid: 'u',
  resourceVersion: '1',
  holder: 'other',
  ttlMs: 10_000,
  acquiredAt: undefined,
  transitions: 0,
};

describe('a claim on a lease', () => {
  test.each<[string, Partial<LeaseState> | undefined, number, object]>([
    ['creates a missing lease', undefined, 0, { kind: 'create' }],
    ['takes a released lease at once', { holder: '' }, 0, { kind: 'take', because: 'released' }],
    [
      'takes its own lease at once, even if it had no record of it',
      { holder: 'own' },
      0,
      { kind: 'take', because: 'own' },
    ],
    ['waits while another run holds the lease', {}, 0, { kind: 'wait', forMs: 10_000 }],
    ['waits for the whole ttl of another run', {}, 9_999, { kind: 'wait', forMs: 1 }],
    ['takes the lease after the ttl of another run', {}, 10_000, { kind: 'take', because: 'expired' }],
    [
      'limits its wait to the ttl of a run if the lease claims 68 years',
      { ttlMs: 2_147_483_647_000 },
      29_999,
      { kind: 'wait', forMs: 1 },
    ],
    [
      'takes a lease that claims 68 years after the ttl of a run',
      { ttlMs: 2_147_483_647_000 },
      30_000,
      { kind: 'take' },
    ],
    ['waits for its own ttl if the lease has none', { ttlMs: undefined }, 29_999, { kind: 'wait', forMs: 1 }],
  ])('%s', (_rule, fields, passedMs, expected) => {
    const seen = observeLease(undefined, fields === undefined ? undefined : { ...theirs, ...fields }, 5_000);
    expect(decideClaim(seen, own, 5_000 + passedMs)).toMatchObject(expected);
  });

  test.each(['1970-01-01T00:00:00.000000Z', '2999-01-01T00:00:00.000000Z', 'nonsense'])(
    'ignores the time %s that the holder wrote',
    (acquiredAt) => {
      const claim = decideClaim(observeLease(undefined, { ...theirs, acquiredAt }, 0), own, 1);
      expect(claim).toMatchObject({ kind: 'wait', forMs: 9_999 });
    },
  );
});

describe('the observation of a lease', () => {
  const first = observeLease(undefined, theirs, 1_000);

  test('keeps its first time while the version is the same', () => {
    expect(observeLease(first, { ...theirs }, 9_000)).toEqual(first);
  });

  test.each<[string, Partial<LeaseState>]>([
    ['version', { resourceVersion: '2' }],
    ['uid', { uid: 'v' }],
  ])('starts its time again for another %s', (_what, fields) => {
    expect(observeLease(first, { ...theirs, ...fields }, 9_000)).toMatchObject({ sinceMs: 9_000 });
  });

  test('is undefined without a lease', () => {
    expect(observeLease(first, undefined, 9_000)).toBeUndefined();
  });
});

type Actor = {
  readonly holder: string;
  seen: ObservedLease | undefined;
  held: string | undefined;
  renewedAtMs: number;
};

/** Makes one lease as the API server keeps it: a write with another version than the stored one is refused. */
function createStore() {
  let lease: LeaseState | undefined;
  let version = 0;
  return {
    read: () => lease,
    write: (holder: string, precondition: string | undefined): string | undefined => {
      if (lease?.resourceVersion !== precondition) return undefined;
      version += 1;
      lease = { ...theirs, holder, ttlMs: TTL_MS, resourceVersion: String(version) };
      return lease.resourceVersion;
    },
  };
}

describe('several runs that pause at any time', () => {
  const step = fc.record({
    actor: fc.nat({ max: 2 }),
    act: fc.constantFrom('look', 'claim', 'renew', 'write'),
    afterMs: fc.nat({ max: 20_000 }),
  });

  test('never write while another run holds the lease', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200, size: 'max' }), (steps) => {
        const store = createStore();
        const actors = [0, 1, 2].map(
          (index): Actor => ({ holder: `run-${index}`, seen: undefined, held: undefined, renewedAtMs: 0 }),
        );
        let nowMs = 0;
        const renew = (actor: Actor): void => {
          if (actor.held === undefined) return;
          actor.held = store.write(actor.holder, actor.held);
          actor.renewedAtMs = nowMs;
        };
        for (const { actor: index, act, afterMs } of steps) {
          nowMs += afterMs;
          const actor = actors[index];
          if (actor === undefined) continue;
          if (act === 'look') actor.seen = observeLease(actor.seen, store.read(), nowMs);
          if (act === 'renew') renew(actor);
          if (act === 'claim' && actor.held === undefined) {
            const claim = decideClaim(actor.seen, { holder: actor.holder, ttlMs: TTL_MS }, nowMs);
            if (claim.kind === 'wait') continue;
            actor.held = store.write(actor.holder, claim.kind === 'create' ? undefined : claim.lease.resourceVersion);
            actor.renewedAtMs = nowMs;
            actor.seen = undefined;
          }
          if (act === 'write' && actor.held !== undefined) {
            if (!isFresh(actor.renewedAtMs, TTL_MS, nowMs)) renew(actor);
            if (actor.held !== undefined) expect(store.read()?.holder).toBe(actor.holder);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
