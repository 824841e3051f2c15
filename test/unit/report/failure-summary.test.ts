import { describe, expect, test } from '@jest/globals';
import { ActionError } from '../../../src/errors/action-error.ts';
import { createInputError } from '../../../src/inputs/grammar/violations.ts';
import { createPlainFailure, type FailureReport, renderFailureSummary } from '../../../src/report/failure-summary.ts';
import { md } from '../../../src/text/markdown.ts';

const summaryText = (report: FailureReport): string => renderFailureSummary(report).text;

const run = {
  command: 'deploy',
  name: 'nats',
  namespace: 'messaging',
  phase: 'wait for the servers',
  phases: [{ name: 'wait for the servers', ms: 61_000 }],
};
const diagnosis = {
  reason: 'ImageNotFound',
  root: md`**ImageNotFound**, Pod/nats-0: the root\n`,
  rest: md`<details><summary>Pods</summary>\n\npods\n</details>\n`,
  servers: ['nats-0', 'nats-1'],
  pairs: [{ from: 'nats-0', to: 'nats-1', connections: 0 }],
};
const problems = [
  { object: 'Pod/nats-0', reason: 'ImageNotFound', message: 'no | such <image>' },
  { object: 'Pod/nats-1', reason: 'ImageNotFound', message: 'the same' },
];

function failed(more: Partial<FailureReport> = {}, reason = 'ImageNotFound'): string {
  const details = { problems, evidence: ['Failed to pull <image>'] };
  const error = new ActionError('ROLLOUT_STALLED', 'no image', { reason, hint: 'Set another `image`.', details });
  return summaryText({ error, run, diagnosis, ...more });
}

test('a run that was cancelled is not asked what was in its way, unless that is known', () => {
  const error = new ActionError('CANCELLED', 'stopped', { hint: 'again', details: { signal: 'SIGINT' } });
  expect(summaryText({ error, run, diagnosis })).toContain('the root');
  expect(summaryText({ error, run, diagnosis: { ...diagnosis, reason: undefined } })).not.toContain('the root');
});

describe('the summary of a run that failed', () => {
  test('has on top whose it is, the cause, what to do and why', () => {
    const places = [
      '## ❌ NATS cluster `nats`: ROLLOUT_STALLED (ImageNotFound)',
      '**Cause:** no image',
      '| `Pod/nats-0` | ImageNotFound | no \\| such &lt;image&gt; |',
      '**Next:** Set another `image`.',
      '<pre>Failed to pull &lt;image&gt;</pre>',
      '`command: deploy` in namespace `messaging`, ended in: wait for the servers',
      '### What was seen',
      '<details><summary>Pods</summary>',
      'Timings: 1 min 1 s',
    ].map((text) => failed().indexOf(text));
    expect(places).toEqual(places.toSorted((left, right) => left - right));
    expect(places).not.toContain(-1);
  });

  test('does not tell the root cause twice, but another one', () => {
    expect(failed()).not.toContain('the root');
    expect(failed({}, 'OtherReason')).toContain('the root');
  });

  test('of a mesh draws what is missing', () => {
    const details = { problems: [] };
    const error = new ActionError('MESH_INCOMPLETE', 'no route', { hint: 'look', details });
    expect(summaryText({ error, run, diagnosis })).toContain('```mermaid\nflowchart LR');
    expect(failed()).not.toContain('```mermaid');
  });

  test('that was cancelled says so', () => {
    const error = new ActionError('CANCELLED', 'cancelled by SIGINT', { hint: 'again', details: { signal: 'SIGINT' } });
    expect(summaryText({ error, run, diagnosis: undefined })).toMatch(
      /^## 🚫 NATS cluster `nats`: CANCELLED\n\n\*\*Stopped:\*\* cancelled by SIGINT\n\n\*\*Next:\*\* again\n/,
    );
  });

  test('whose inputs are refused lists them, with the lines to paste', () => {
    const violations = [
      { input: 'replicas', message: 'got "<b>|", expected a number', correction: 'replicas: 3' },
      { input: 'timeout', message: 'got "1", expected a duration', correction: 'timeout: 10s' },
    ];
    const summary = summaryText(createPlainFailure(createInputError(violations)));
    expect(summary).toContain('## ❌ INPUT_INVALID\n');
    expect(summary).toContain('| `replicas` | got "&lt;b&gt;\\|", expected a number |');
    expect(summary).toContain('```yaml\n  with:\n    replicas: 3\n    timeout: 10s\n```');
    expect(summary.match(/got "1"/g)).toHaveLength(1);
  });

  test('closes every part that it opens, whatever others wrote', () => {
    const hint = 'Apply:\n```\n<details>';
    const error = new ActionError('FORBIDDEN', 'missing </details>', { hint, details: { missing: [] } });
    const summary = summaryText(createPlainFailure(error));
    expect(summary.match(/^`{4}/gm)).toHaveLength(2);
    expect(summary).not.toContain('missing </details>');
  });

  test('holds back what is too much', () => {
    const many = Array.from({ length: 200 }, (_, index) => ({ object: `Pod/${index}`, reason: 'X', message: 'm' }));
    const error = new ActionError('DRIFT', 'differs', { hint: 'h', details: { problems: many } });
    expect(summaryText(createPlainFailure(error))).toContain('170 more are in report.json.');
  });
});
