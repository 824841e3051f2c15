import { describe, expect, test } from '@jest/globals';
import { type ChaosCase, caseOf } from '../../chaos/case.ts';
import type { Fault } from '../../chaos/fault.ts';
import { findMissingReason, findRuleViolations, settleMs, wasSeen } from '../../chaos/verdict.ts';
import type { WatchedRun } from '../../chaos/watched-run.ts';

const CANCELLED: Fault = { kind: 'cancelled', signal: 'SIGINT' };
const CUT: Fault = { kind: 'cut', direction: 'both', from: 0, to: 0, holdMs: 1000 };

describe('a run has no reason', () => {
  test.each<readonly [string, Fault, string | undefined, Partial<WatchedRun>]>([
    ['to be red when nothing struck', { kind: 'none' }, 'MESH_INCOMPLETE', { struckAtMs: undefined }],
    ['to be INTERNAL, whatever struck', CUT, 'INTERNAL', {}],
    ['to end without a word', CUT, undefined, {}],
    ['to say what its fault is no answer to', CANCELLED, 'LOCKED', {}],
    ['to be red long after its fault was over and the mesh whole', CUT, 'MESH_INCOMPLETE', { healedAtMs: 2000 }],
  ])('%s', (_, fault, code, change) => {
    const seen = { whole: true, why: [] };
    expect(findMissingReason(runOf(code, change), chaosOf(fault), seen)).toHaveLength(1);
  });
});

describe('a run has a reason', () => {
  test.each<readonly [string, Fault, string | undefined, Partial<WatchedRun>]>([
    ['to be red while it is cut', CUT, 'MESH_INCOMPLETE (NoRoute)', {}],
    ['to be red just after', CUT, 'MESH_INCOMPLETE', { healedAtMs: 59_000 }],
    ['to say that it was cancelled', CANCELLED, 'CANCELLED', {}],
  ])('%s', (_, fault, code, change) => {
    const seen = { whole: true, why: [] };
    expect(findMissingReason(runOf(code, change), chaosOf(fault), seen)).toEqual([]);
  });

  test('to be red long after an outage of the API server while the observer sees a broken mesh, and only then', () => {
    const run = runOf('MESH_INCOMPLETE', { healedAtMs: 2000 });
    const told = (seen: { whole: boolean; why: string[] } | undefined) =>
      findMissingReason(run, chaosOf({ kind: 'api-killed', holdMs: 1000 }), seen);
    expect(told({ whole: false, why: ['no route'] })).toEqual([]);
    expect(told({ whole: true, why: [] })).toHaveLength(1);
    expect(told(undefined)).toHaveLength(1);
  });

  test('to end without a word when it was killed', () => {
    const run = runOf(undefined, {});
    const killed = { ...run, result: { ...run.result, exitCode: 137 } };
    expect(findMissingReason(killed, chaosOf({ kind: 'killed' }), undefined)).toEqual([]);
  });
});

test('a signal that comes before the program listens ends it without a word, and later does not', () => {
  const run = runOf(undefined, {});
  const ended = (stdout: string) => ({ ...run, result: { ...run.result, exitCode: 143, stdout, outputs: {} } });
  const told = (stdout: string) => [
    ...findRuleViolations({ ...ended(stdout), endedAtMs: 1200 }, chaosOf(CANCELLED)),
    ...findMissingReason(ended(stdout), chaosOf(CANCELLED), undefined),
  ];
  expect(told('')).toEqual([]);
  expect(told('cluster https://a\n')).toHaveLength(2);
});

describe('the conduct of a run', () => {
  test.each<readonly [string, Fault, Partial<WatchedRun>, number]>([
    ['within its time is right', CUT, {}, 0],
    ['beyond its time is not', CUT, { endedAtMs: 95_001 }, 1],
    ['beyond it while it was stopped is right', { kind: 'stopped', holdMs: 9000 }, { endedAtMs: 104_000 }, 0],
    ['that ends 5 s after it was cancelled is right', CANCELLED, { struckAtMs: 55_000 }, 0],
    ['that ends later is not', CANCELLED, { struckAtMs: 54_999 }, 1],
  ])('%s', (_, fault, change, problems) => {
    expect(findRuleViolations(runOf('CANCELLED', change), chaosOf(fault))).toHaveLength(problems);
  });
});

describe('a green run', () => {
  test.each<readonly [string, Fault, Partial<WatchedRun>, 'at once' | 'later']>([
    ['that nothing struck leaves a whole mesh at once', CUT, { struckAtMs: undefined }, 'at once'],
    ['that saw the end of a fault does as well', CUT, { healedAtMs: 50_000 }, 'at once'],
    [
      'whose fault came after its last sample leaves what heals',
      { kind: 'pod-deleted', pick: 0 },
      { struckAtMs: 59_000 },
      'later',
    ],
    ['whose fault came before it does not', { kind: 'pod-deleted', pick: 0 }, { struckAtMs: 50_000 }, 'at once'],
    ['whose fault was not over leaves what heals', CUT, {}, 'later'],
    [
      'whose second eviction came after its end leaves what heals',
      { kind: 'evicted', picks: [0, 0], pauseMs: 100 },
      { struckAtMs: 50_000, latestStrikeMs: () => 60_100 },
      'later',
    ],
  ])('%s', (_, fault, change, when) => {
    expect(settleMs(runOf(undefined, change), chaosOf(fault)) > 10_000 ? 'later' : 'at once').toBe(when);
  });

  test('must have seen a fault that was there at its last sample', () => {
    expect(wasSeen(runOf(undefined, {}))).toBe(true);
    expect(wasSeen(runOf(undefined, { struckAtMs: 59_000 }))).toBe(false);
    expect(wasSeen(runOf(undefined, { healedAtMs: 40_000 }))).toBe(false);
  });
});

function chaosOf(fault: Fault): ChaosCase {
  return { ...caseOf(1), command: 'deploy', fault };
}

/** Makes a failed run of 60 s with a fault after 1 s; `change` can set another time. */
function runOf(title: string | undefined, change: Partial<WatchedRun>): WatchedRun {
  const stdout = title === undefined ? '' : `::error title=${title}::what\n`;
  const result = {
    exitCode: 1,
    stdout,
    stderr: '',
    outputs: { result: 'failed' },
    summary: '',
    files: '',
    processArguments: [],
  };
  const times = { endedAtMs: 60_000, struckAtMs: 1000, healedAtMs: undefined };
  const run = { result, ...times, struck: undefined, undo: async () => {}, isHung: false, log: [], ...change };
  return { latestStrikeMs: () => run.struckAtMs, ...run };
}
