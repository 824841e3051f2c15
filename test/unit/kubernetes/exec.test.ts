import { describe, expect, test } from '@jest/globals';
import { decodeOutcome } from '../../../src/kubernetes/exec.ts';

function failure(details: unknown): string {
  return JSON.stringify({ status: 'Failure', reason: 'NonZeroExitCode', message: 'it ended', details });
}

describe('the result of a command in a pod', () => {
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
    ['an invalid exit code', failure({ causes: [{ reason: 'ExitCode', message: '-1' }] }), notRun('it ended')],
    ['a missing program', failure(undefined), notRun('it ended')],
    ['causes in another format', failure({ causes: 'ExitCode' }), notRun('it ended')],
    ['invalid JSON', 'Success', notRun('the container runtime refused the command')],
    ['a value that is not an object', 'null', notRun('the container runtime refused the command')],
    ['an empty message', '', notRun('the container runtime refused the command')],
  ])('is read from %s', (_, status, outcome) => {
    expect(decodeOutcome(status, 'said')).toEqual(outcome);
  });
});

function notRun(because: string) {
  return { kind: 'not-run', because } as const;
}
