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

describe('the state of a rotation', () => {
  test.each<readonly [string, Track<string>, OverlapRule, Track<string>]>([
    ['stays idle', idle, terms('overlap'), idle],
    [
      'changes certificates as soon as all servers trust both, if no client has to follow first',
      trustBoth,
      terms('overlap'),
      swapLeaves,
    ],
    ['begins its wait once all servers trust both', trustBoth, terms('trust-both'), waitingTrustBoth],
    [
      'begins its first wait once all servers trust both, even if it has two waits',
      trustBoth,
      terms('both'),
      waitingTrustBoth,
    ],
    ['waits before the change until the overlap is over', waitingTrustBoth, terms('both'), waitingTrustBoth],
    [
      'changes certificates at the moment when the overlap is over',
      waitingTrustBoth,
      terms('trust-both', at(1)),
      swapLeaves,
    ],
    ['ends a wait that is no longer needed', waitingTrustBoth, terms('overlap'), swapLeaves],
    ['begins the overlap when all servers are verified after the change', swapLeaves, terms('overlap'), overlap],
    ['waits in the overlap', overlap, terms('overlap'), overlap],
    ['waits in the overlap even after an earlier wait', overlap, terms('both'), overlap],
    ['removes the old one when the overlap is over', overlap, terms('overlap', at(1)), dropOld],
    ['removes the old one at once if clients had their time before', overlap, terms('trust-both'), dropOld],
    ['is idle again once the old one is removed everywhere', dropOld, terms('overlap'), done],
  ])('%s', (_, track, given, expected) => {
    expect(advanceRotation(track, given)).toEqual(expected);
  });

  test.each([
    ['idle', idle, 'overlap'],
    ['before the change', waitingTrustBoth, 'trust-both'],
    ['in the overlap', overlap, 'overlap'],
  ] as const)('stays the same object without progress: %s', (_, track, waitsIn) => {
    expect(advanceRotation(track, terms(waitsIn))).toBe(track);
  });

  test.each(['trust-both', 'overlap', 'both'] as const)('reaches its end without an overlap: %s', (waitsIn) => {
    let track = beginRotation(idle, 'new');
    const phases = new Set<RotationPhase>(['idle', track.phase]);
    for (let step = 0; step < 6; step++) {
      track = advanceRotation(track, { ...terms(waitsIn), overlapMs: 0 });
      if (track.phase !== 'idle') phases.add(track.phase);
    }
    expect([...phases]).toEqual(ROTATION_PHASES);
    expect(track).toEqual(done);
  });

  test('begins with the next value', () => {
    expect(beginRotation(idle, 'new')).toEqual(trustBoth);
  });

  test.each([trustBoth, swapLeaves, overlap, dropOld])('does not begin again while it is in progress: %j', (track) => {
    expect(beginRotation(track, 'newest')).toBe(track);
  });

  test.each([
    [idle, ['old'], 'old'],
    [trustBoth, ['old', 'new'], 'old'],
    [swapLeaves, ['new', 'old'], 'new'],
    [overlap, ['new', 'old'], 'new'],
    [dropOld, ['new'], 'new'],
  ] as const)('accepts every value that may be sent, with the sent one first: %j', (track, accepted, presented) => {
    expect(listAccepted(track)).toEqual(accepted);
    expect(selectPresented(track)).toBe(presented);
    expect(listAccepted(track)[0]).toBe(presented);
  });

  test.each<readonly [string, Track<string>, OverlapRule['waitsIn'], Date | undefined]>([
    ['a wait in the overlap', overlap, 'overlap', at(1)],
    ['a wait before the change', waitingTrustBoth, 'trust-both', at(1)],
    ['the second of two waits', overlap, 'both', at(1)],
    ['an overlap without a wait', overlap, 'trust-both', undefined],
    ['a wait that has not begun', trustBoth, 'trust-both', undefined],
    ['no wait', swapLeaves, 'both', undefined],
    ['idle', idle, 'both', undefined],
  ])('continues at the end of its wait: %s', (_, track, waitsIn, expected) => {
    expect(computeNextPhaseTime(track, terms(waitsIn))).toEqual(expected);
  });

  test.each<readonly [readonly Track<string>[], RotationPhase]>([
    [[], 'idle'],
    [[idle, idle], 'idle'],
    [[idle, overlap], 'overlap'],
    [[dropOld, trustBoth, overlap], 'trust-both'],
    [[dropOld, idle, swapLeaves], 'swap-leaves'],
  ])('is the earliest of several in progress: %j', (together, phase) => {
    expect(findEarliestPhase(together)).toBe(phase);
  });
});

describe('the route credentials in a rotation', () => {
  test.each([
    [idle, 'old', 'old'],
    [trustBoth, undefined, 'old'],
    [swapLeaves, undefined, 'new'],
    [overlap, undefined, 'new'],
    [dropOld, 'new', 'new'],
    [done, 'new', 'new'],
  ] as const)('are required only while all servers have the same: %j', (track, accepted, presented) => {
    expect(decideRouteAuthorization(track)).toEqual({ accepted, presented });
  });
});
