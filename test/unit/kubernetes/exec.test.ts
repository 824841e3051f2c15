import { describe, expect, test } from '@jest/globals';
import { decodeOutcome } from '../../../src/kubernetes/exec.ts';

function failure(details: unknown): string {
  return JSON.stringify({ status: 'Failure', reason: 'NonZeroExitCode', message: 'it ended', details });
}

describe('how a command in a pod ended', () => {
  test.each<readonly [string, string, ReturnType<typeof decodeOutcome>]>([
    ['success', '{"status":"Success"}', { kind: 'ran', exitCode: 0, output: 'said' }],
    [
      'an exit code',
      failure({
        causes: [
          { reason: 'Other', message: '7' },
          { reason: 'ExitCode', message: '1' },
        ],
      }),
      { kind: 'ran', exitCode: 1, output: 'said' },
    ],
    ['an exit code that is none', failure({ causes: [{ reason: 'ExitCode', message: '-1' }] }), notRun('it ended')],
    ['no program', failure(undefined), notRun('it ended')],
    ['causes of another shape', failure({ causes: 'ExitCode' }), notRun('it ended')],
    ['no JSON', 'Success', notRun('the container runtime refused')],
    ['no object', 'null', notRun('the container runtime refused')],
    ['nothing', '', notRun('the container runtime refused')],
  ])('is read of %s', (_, status, outcome) => {
    expect(decodeOutcome(status, 'said')).toEqual(outcome);
  });
});

function notRun(because: string) {
  return { kind: 'not-run', because } as const;
}
