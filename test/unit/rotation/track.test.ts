import { describe, expect, test } from '@jest/globals';
import {
  advanceRotation,
  beginRotation,
  computeNextPhaseTime,
  decideRouteAuthorization,
  findEarliestPhase,
  listAccepted,
  type OverlapRule,
  ROTATION_PHASES,
  type RotationPhase,
  selectPresented,
  type Track,
} from '../../../src/rotation/track.ts';

const at = (hour: number): Date => new Date(Date.UTC(2026, 10, 23, hour));
const OVERLAP_MS = 3_600_000;
const terms = (waitsIn: OverlapRule['waitsIn'], now = at(0)): OverlapRule => ({
  now,
  overlapMs: OVERLAP_MS,
  waitsIn,
});

const idle: Track<string> = { phase: 'idle', current: 'old' };
const trustBoth: Track<string> = { phase: 'trust-both', current: 'old', next: 'new', since: undefined };
const waitingTrustBoth: Track<string> = { ...trustBoth, since: at(0) };
const swapLeaves: Track<string> = { phase: 'swap-leaves', current: 'new', previous: 'old' };
const overlap: Track<string> = { phase: 'overlap', current: 'new', previous: 'old', since: at(0) };
const dropOld: Track<string> = { phase: 'drop-old', current: 'new', previous: 'old' };
const done: Track<string> = { phase: 'idle', current: 'new' };

describe('a track', () => {
  test.each<readonly [string, Track<string>, OverlapRule, Track<string>]>([
    ['idle stays idle', idle, terms('overlap'), idle],
    ['swaps as soon as all trust both, when nobody has to follow before', trustBoth, terms('overlap'), swapLeaves],
    ['begins to wait once all trust both', trustBoth, terms('trust-both'), waitingTrustBoth],
    ['begins to wait once all trust both, also when it waits twice', trustBoth, terms('both'), waitingTrustBoth],
    ['waits before the swap until the overlap is over', waitingTrustBoth, terms('both'), waitingTrustBoth],
    ['swaps at the very instant the overlap is over', waitingTrustBoth, terms('trust-both', at(1)), swapLeaves],
    ['does not wait on for a wait that is not asked for any more', waitingTrustBoth, terms('overlap'), swapLeaves],
    ['overlaps from when all were proved to have swapped', swapLeaves, terms('overlap'), overlap],
    ['waits in the overlap', overlap, terms('overlap'), overlap],
    ['waits in the overlap, also when it waited before', overlap, terms('both'), overlap],
    ['drops the old one when the overlap is over', overlap, terms('overlap', at(1)), dropOld],
    ['drops the old one at once when those who follow were given their time', overlap, terms('trust-both'), dropOld],
    ['is idle again when the old one was dropped everywhere', dropOld, terms('overlap'), done],
  ])('%s', (_, track, given, expected) => {
    expect(advanceRotation(track, given)).toEqual(expected);
  });

  test.each([
    ['idle', idle, 'overlap'],
    ['before the swap', waitingTrustBoth, 'trust-both'],
    ['in the overlap', overlap, 'overlap'],
  ] as const)('that does not move is the same track: %s', (_, track, waitsIn) => {
    expect(advanceRotation(track, terms(waitsIn))).toBe(track);
  });

  test.each(['trust-both', 'overlap', 'both'] as const)(
    'without an overlap rolls forward to its end: %s',
    (waitsIn) => {
      let track = beginRotation(idle, 'new');
      const phases = new Set<RotationPhase>(['idle', track.phase]);
      for (let step = 0; step < 6; step++) {
        track = advanceRotation(track, { ...terms(waitsIn), overlapMs: 0 });
        if (track.phase !== 'idle') phases.add(track.phase);
      }
      expect([...phases]).toEqual(ROTATION_PHASES);
      expect(track).toEqual(done);
    },
  );

  test('begins with what is next', () => {
    expect(beginRotation(idle, 'new')).toEqual(trustBoth);
  });

  test.each([trustBoth, swapLeaves, overlap, dropOld])('under way does not begin again: %j', (track) => {
    expect(beginRotation(track, 'newest')).toBe(track);
  });

  test.each([
    [idle, ['old'], 'old'],
    [trustBoth, ['old', 'new'], 'old'],
    [swapLeaves, ['new', 'old'], 'new'],
    [overlap, ['new', 'old'], 'new'],
    [dropOld, ['new'], 'new'],
  ] as const)('accepts what may be presented, what it presents first: %j', (track, accepted, presented) => {
    expect(listAccepted(track)).toEqual(accepted);
    expect(selectPresented(track)).toBe(presented);
    expect(listAccepted(track)[0]).toBe(presented);
  });

  test.each<readonly [string, Track<string>, OverlapRule['waitsIn'], Date | undefined]>([
    ['a wait in the overlap', overlap, 'overlap', at(1)],
    ['a wait before the swap', waitingTrustBoth, 'trust-both', at(1)],
    ['the second of two waits', overlap, 'both', at(1)],
    ['an overlap nobody waits in', overlap, 'trust-both', undefined],
    ['a wait that has not begun', trustBoth, 'trust-both', undefined],
    ['nothing to wait for', swapLeaves, 'both', undefined],
    ['idle', idle, 'both', undefined],
  ])('goes on at the end of its wait: %s', (_, track, waitsIn, expected) => {
    expect(computeNextPhaseTime(track, terms(waitsIn))).toEqual(expected);
  });

  test.each<readonly [readonly Track<string>[], RotationPhase]>([
    [[], 'idle'],
    [[idle, idle], 'idle'],
    [[idle, overlap], 'overlap'],
    [[dropOld, trustBoth, overlap], 'trust-both'],
    [[dropOld, idle, swapLeaves], 'swap-leaves'],
  ])('together with others is reported by the earliest under way: %j', (together, phase) => {
    expect(findEarliestPhase(together)).toBe(phase);
  });
});

describe('route credentials', () => {
  test.each([
    [idle, 'old', 'old'],
    [trustBoth, undefined, 'old'],
    [swapLeaves, undefined, 'new'],
    [overlap, undefined, 'new'],
    [dropOld, 'new', 'new'],
    [done, 'new', 'new'],
  ] as const)('are asked for only while everyone has the same: %j', (track, accepted, presented) => {
    expect(decideRouteAuthorization(track)).toEqual({ accepted, presented });
  });
});
