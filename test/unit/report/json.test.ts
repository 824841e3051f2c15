import { describe, expect, test } from '@jest/globals';
import { ActionError } from '../../../src/errors.ts';
import { deployJson, failureJson } from '../../../src/report/json.ts';
import { deployReport } from './deploy-report.ts';

describe('report.json', () => {
  test('is the whole report', () => {
    const report = deployReport(3, { result: 'rotating', rotationPhase: 'overlap' });
    expect(JSON.parse(deployJson(report))).toEqual({
      ...report,
      certificateNotAfter: '2026-05-30T12:00:00.000Z',
      renewalDue: '2026-04-30T12:00:00.000Z',
    });
  });

  test('of a failure holds its code, reason, hint and details, not its cause', () => {
    const problems = [{ object: 'Pod/nats-1', reason: 'X', message: 'm' }];
    const cause = new Error('canary');
    const error = new ActionError('DRIFT', 'differs', { reason: 'X', hint: 'do this', details: { problems }, cause });
    expect(JSON.parse(failureJson(error))).toEqual({
      result: 'failed',
      error: { code: 'DRIFT', reason: 'X', message: 'differs', hint: 'do this', details: { problems } },
    });
  });
});
