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
    ['that is not there creates it', undefined, 0, { kind: 'create' }],
    ['that was released takes it at once', { holder: '' }, 0, { kind: 'take', because: 'released' }],
    ['of its own that it did not know of takes it at once', { holder: 'own' }, 0, { kind: 'take', because: 'own' }],
    ['of another waits', {}, 0, { kind: 'wait', forMs: 10_000 }],
    ['of another waits for all of that one’s ttl', {}, 9_999, { kind: 'wait', forMs: 1 }],
    ['of another takes it after that one’s ttl', {}, 10_000, { kind: 'take', because: 'expired' }],
    [
      'of another that claims 68 years waits no longer than for a run',
      { ttlMs: 2_147_483_647_000 },
      29_999,
      { kind: 'wait', forMs: 1 },
    ],
    [
      'of another that claims 68 years takes it after the ttl of a run',
      { ttlMs: 2_147_483_647_000 },
      30_000,
      { kind: 'take' },
    ],
    ['without a ttl goes by its own', { ttlMs: undefined }, 29_999, { kind: 'wait', forMs: 1 }],
  ])('%s', (_rule, fields, passedMs, expected) => {
    const seen = observeLease(undefined, fields === undefined ? undefined : { ...theirs, ...fields }, 5_000);
    expect(decideClaim(seen, own, 5_000 + passedMs)).toMatchObject(expected);
  });

  test.each(['1970-01-01T00:00:00.000000Z', '2999-01-01T00:00:00.000000Z', 'nonsense'])(
    'does not go by the time %s that the holder wrote',
    (acquiredAt) => {
      const claim = decideClaim(observeLease(undefined, { ...theirs, acquiredAt }, 0), own, 1);
      expect(claim).toMatchObject({ kind: 'wait', forMs: 9_999 });
    },
  );
});

describe('a sighting', () => {
  const first = observeLease(undefined, theirs, 1_000);

  test('of the same version keeps the time of the first', () => {
    expect(observeLease(first, { ...theirs }, 9_000)).toEqual(first);
  });

  test.each<[string, Partial<LeaseState>]>([
    ['version', { resourceVersion: '2' }],
    ['object under the same name', { uid: 'v' }],
  ])('of another %s starts its time anew', (_what, fields) => {
    expect(observeLease(first, { ...theirs, ...fields }, 9_000)).toMatchObject({ sinceMs: 9_000 });
  });

  test('of nothing is none', () => {
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

describe('any number of runs, each paused at any time', () => {
  const step = fc.record({
    actor: fc.nat({ max: 2 }),
    act: fc.constantFrom('look', 'claim', 'renew', 'write'),
    afterMs: fc.nat({ max: 20_000 }),
  });

  test('never write while another holds the lease', () => {
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
