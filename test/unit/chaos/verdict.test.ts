import { describe, expect, test } from '@jest/globals';
import { type ChaosCase, caseOf } from '../../chaos/case.ts';
import type { Fault } from '../../chaos/fault.ts';
import { findMissingReason, findRuleViolations, settleMs, wasSeen } from '../../chaos/verdict.ts';
import type { WatchedRun } from '../../chaos/watched-run.ts';

const CANCELLED: Fault = { kind: 'cancelled', signal: 'SIGINT' };
const CUT: Fault = { kind: 'cut', direction: 'both', from: 0, to: 0, holdMs: 1000 };

describe('a run of the action must not', () => {
  test.each<readonly [string, Fault, string | undefined, Partial<WatchedRun>]>([
    ['fail when no fault was injected', { kind: 'none' }, 'MESH_INCOMPLETE', { struckAtMs: undefined }],
    ['fail with INTERNAL, whatever fault was injected', CUT, 'INTERNAL', {}],
    ['end without an error message', CUT, undefined, {}],
    ['report a cause that does not fit the fault', CANCELLED, 'LOCKED', {}],
    ['fail long after its fault ended and the mesh was complete', CUT, 'MESH_INCOMPLETE', { healedAtMs: 2000 }],
  ])('%s', (_, fault, code, change) => {
    const seen = { whole: true, why: [] };
    expect(findMissingReason(runOf(code, change), chaosOf(fault), seen)).toHaveLength(1);
  });
});

describe('a run of the action may', () => {
  test.each<readonly [string, Fault, string | undefined, Partial<WatchedRun>]>([
    ['fail while its network is cut', CUT, 'MESH_INCOMPLETE (NoRoute)', {}],
    ['fail shortly after its network was cut', CUT, 'MESH_INCOMPLETE', { healedAtMs: 59_000 }],
    ['report that it was cancelled', CANCELLED, 'CANCELLED', {}],
  ])('%s', (_, fault, code, change) => {
    const seen = { whole: true, why: [] };
    expect(findMissingReason(runOf(code, change), chaosOf(fault), seen)).toEqual([]);
  });

  test('fail long after an outage of the API server only while the observer sees a broken mesh', () => {
    const run = runOf('MESH_INCOMPLETE', { healedAtMs: 2000 });
    const missingReasons = (seen: { whole: boolean; why: string[] } | undefined) =>
      findMissingReason(run, chaosOf({ kind: 'api-killed', holdMs: 1000 }), seen);
    expect(missingReasons({ whole: false, why: ['no route'] })).toEqual([]);
    expect(missingReasons({ whole: true, why: [] })).toHaveLength(1);
    expect(missingReasons(undefined)).toHaveLength(1);
  });

  test('end without an error message when it was killed', () => {
    const run = runOf(undefined, {});
    const killed = { ...run, result: { ...run.result, exitCode: 137 } };
    expect(findMissingReason(killed, chaosOf({ kind: 'killed' }), undefined)).toEqual([]);
  });
});

test('a signal ends a program that does not handle it yet without a message, but not a running one', () => {
  const run = runOf(undefined, {});
  const ended = (stdout: string) => ({ ...run, result: { ...run.result, exitCode: 143, stdout, outputs: {} } });
  const violations = (stdout: string) => [
    ...findRuleViolations({ ...ended(stdout), endedAtMs: 1200 }, chaosOf(CANCELLED)),
    ...findMissingReason(ended(stdout), chaosOf(CANCELLED), undefined),
  ];
  expect(violations('')).toEqual([]);
  expect(violations('cluster https://a\n')).toHaveLength(2);
});

describe('the duration of a run', () => {
  test.each<readonly [string, Fault, Partial<WatchedRun>, number]>([
    ['is right within its limit', CUT, {}, 0],
    ['is wrong beyond its limit', CUT, { endedAtMs: 95_001 }, 1],
    [
      'may exceed its limit if the process was stopped for a while',
      { kind: 'stopped', holdMs: 9000 },
      { endedAtMs: 104_000 },
      0,
    ],
    ['is right for a run that ends 5 s after its cancellation', CANCELLED, { struckAtMs: 55_000 }, 0],
    ['is wrong for a run that ends later after its cancellation', CANCELLED, { struckAtMs: 54_999 }, 1],
  ])('%s', (_, fault, change, problems) => {
    expect(findRuleViolations(runOf('CANCELLED', change), chaosOf(fault))).toHaveLength(problems);
  });
});

describe('a successful run', () => {
  test.each<readonly [string, Fault, Partial<WatchedRun>, 'at once' | 'later']>([
    ['leaves a complete mesh at once if no fault was injected', CUT, { struckAtMs: undefined }, 'at once'],
    ['leaves a complete mesh at once if it saw the end of the fault', CUT, { healedAtMs: 50_000 }, 'at once'],
    [
      'may leave an incomplete mesh that becomes complete later, if the fault began after its last sample',
      { kind: 'pod-deleted', pick: 0 },
      { struckAtMs: 59_000 },
      'later',
    ],
    [
      'must not leave an incomplete mesh if the fault began before its last sample',
      { kind: 'pod-deleted', pick: 0 },
      { struckAtMs: 50_000 },
      'at once',
    ],
    ['may leave an incomplete mesh that becomes complete later, if the fault was not over', CUT, {}, 'later'],
    [
      'may leave an incomplete mesh that becomes complete later, if the second eviction came after its end',
      { kind: 'evicted', picks: [0, 0], pauseMs: 100 },
      { struckAtMs: 50_000, latestStrikeMs: () => 60_100 },
      'later',
    ],
  ])('%s', (_, fault, change, when) => {
    expect(settleMs(runOf(undefined, change), chaosOf(fault)) > 10_000 ? 'later' : 'at once').toBe(when);
  });

  test('must have seen a fault that was present at its last sample', () => {
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
