import { describe, expect, test } from '@jest/globals';
import { ActionError } from '../../../src/errors/action-error.ts';
import { renderDeployJson } from '../../../src/report/ending.ts';
import { createPlainFailure, renderFailureJson } from '../../../src/report/failure-summary.ts';
import { EMPTY } from '../../../src/text/markdown.ts';
import { deployReport } from '../support/deploy-report.ts';

describe('report.json', () => {
  test('contains the whole report', () => {
    const report = deployReport(3, { result: 'rotating', rotationPhase: 'overlap' });
    expect(JSON.parse(renderDeployJson(report))).toEqual({
      ...report,
      certificateNotAfter: '2026-05-30T12:00:00.000Z',
      renewalDue: '2026-04-30T12:00:00.000Z',
      certificates: report.certificates.map((each) => ({ ...each, notAfter: each.notAfter.toISOString() })),
    });
  });

  test('contains code, reason, hint and details of a failure, but not its cause', () => {
    const problems = [{ object: 'Pod/nats-1', reason: 'X', message: 'm' }];
    const cause = new Error('canary');
    const error = new ActionError('DRIFT', 'differs', { reason: 'X', hint: 'do this', details: { problems }, cause });
    expect(JSON.parse(renderFailureJson(createPlainFailure(error)))).toEqual({
      result: 'failed',
      error: { code: 'DRIFT', reason: 'X', message: 'differs', hint: 'do this', details: { problems } },
    });
  });

  test('contains the observations of a failed run and its mesh', () => {
    const error = new ActionError('CANCELLED', 'stopped', { hint: 'again', details: { signal: 'SIGINT' } });
    const place = { command: 'deploy', name: 'nats', namespace: 'messaging', phase: 'apply', phases: [] };
    const verified = { at: '2026-11-25T21:35:39.000Z', by: 'a run' };
    const outcome = { end: '', safety: '', hasBegun: true, changed: ['Secret/a'], hasRollback: false, verified };
    const run = { ...place, outcome };
    const pairs = [{ from: 'nats-0', to: 'nats-1', connections: 0 }];
    const texts = { root: EMPTY, mesh: EMPTY, rest: EMPTY };
    const diagnosis = { reason: undefined, ...texts, servers: ['nats-0', 'nats-1'], pairs, pods: [] };
    expect(JSON.parse(renderFailureJson({ error, run, diagnosis }))).toMatchObject({
      result: 'cancelled',
      ...place,
      changedObjects: ['Secret/a'],
      lastVerified: verified,
      servers: ['nats-0', 'nats-1'],
      pairs,
    });
  });
});
