import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { ActionError } from '../../../src/errors/action-error.ts';
import { createInputError } from '../../../src/inputs/grammar/violations.ts';
import {
  createPlainFailure,
  errorPage,
  type FailureReport,
  renderAnnotation,
  renderFailureSummary,
} from '../../../src/report/failure-summary.ts';
import { EMPTY, md } from '../../../src/text/markdown.ts';

const summaryText = (report: FailureReport): string => renderFailureSummary(report).text;

const outcome = {
  end: 'The run ended while it waited for the servers.',
  safety: 'yes. Nothing was changed.',
  hasBegun: true,
  changed: ['Secret/nats-config', 'StatefulSet/nats'],
  hasRollback: false,
  verified: { at: '2026-11-25T21:35:39.000Z', by: 'https://github.example/run/7' },
};
const run = {
  outcome,
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
  mesh: md`<details><summary>Mesh</summary>\n\nmesh\n</details>\n`,
  pods: [
    { name: 'nats-0', ready: true, controllerRevision: 'nats-a' },
    { name: 'nats-1', ready: true, controllerRevision: undefined },
  ],
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

test('a cancelled run is not diagnosed unless the cause is known already', () => {
  const error = new ActionError('CANCELLED', 'stopped', { hint: 'again', details: { signal: 'SIGINT' } });
  expect(summaryText({ error, run, diagnosis })).toContain('the root');
  expect(summaryText({ error, run, diagnosis: { ...diagnosis, reason: undefined } })).not.toContain('the root');
});

describe('the summary of a failed run', () => {
  test('begins with the responsible side, the cause, the next action and the reason', () => {
    const places = [
      '## ❌ NATS cluster `nats`: ROLLOUT_STALLED (ImageNotFound)',
      '**Cause:** no image',
      '| `Pod/nats-0` | ImageNotFound | no \\| such &lt;image&gt; |',
      '**Impact:** None of the 2 servers is connected to another one. 2 of 2 pods are ready, so Kubernetes does not restart any. This run changed 2 objects. Nothing is rolled back, because `rollback-on-failure` is off. The last successful verification was at 2026-11-25 21:35 UTC, by https',
      '**Next:** Set another `image`.',
      '<pre>Failed to pull &lt;image&gt;</pre>',
      '`command: deploy` in namespace `messaging`. The run ended while it waited for the servers.',
      'See `docs/errors.md#reason-imagenotfound`.',
      '### Details',
      '<details><summary>Pods</summary>',
      'Timings: 1 min 1 s',
    ].map((text) => failed().indexOf(text));
    expect(places).toEqual(places.toSorted((left, right) => left - right));
    expect(places).not.toContain(-1);
  });

  test.each([
    ['the volume is full', '**Where:** `Pod/nats-0`\n'],
    ['the volume of nats-0 is full', undefined],
  ])('names the only object that has a problem, unless the cause does: %s', (message, where) => {
    const details = { problems: [{ object: 'Pod/nats-0', reason: 'X', message }] };
    const text = summaryText(createPlainFailure(new ActionError('DRIFT', message, { hint: 'look', details })));
    if (where === undefined) expect(text).not.toContain('**Where:**');
    else expect(text).toContain(where);
  });

  test('does not repeat the root cause, but lists other causes', () => {
    expect(failed()).not.toContain('the root');
    expect(failed({}, 'OtherReason')).toContain('the root');
  });

  test('shows a diagram of missing routes', () => {
    const details = { problems: [] };
    const error = new ActionError('MESH_INCOMPLETE', 'no route', { hint: 'look', details });
    expect(summaryText({ error, run, diagnosis })).toContain('```mermaid\nflowchart LR');
    expect(summaryText({ error, run, diagnosis })).not.toContain('<summary>Mesh');
    expect(failed()).not.toContain('```mermaid');
    expect(failed()).toContain('<summary>Mesh');
  });

  test('says if the run was cancelled', () => {
    const error = new ActionError('CANCELLED', 'cancelled by SIGINT', { hint: 'again', details: { signal: 'SIGINT' } });
    expect(summaryText({ error, run, diagnosis: undefined })).toMatch(
      /^## 🚫 NATS cluster `nats`: CANCELLED\n\n\*\*Stopped:\*\* cancelled by SIGINT\n\n\*\*Safe to leave:\*\* yes\. Nothing was changed\.\n\n\*\*Next:\*\* again\n/,
    );
  });

  test('lists invalid inputs with lines to paste', () => {
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

  test('closes every HTML tag that it opens, whatever texts it contains', () => {
    const hint = 'Apply:\n```\n<details>';
    const error = new ActionError('FORBIDDEN', 'missing </details>', { hint, details: { missing: [] } });
    const summary = summaryText(createPlainFailure(error));
    expect(summary.match(/^`{4}/gm)).toHaveLength(2);
    expect(summary).not.toContain('missing </details>');
  });

  test('shortens excessive content', () => {
    const many = Array.from({ length: 200 }, (_, index) => ({ object: `Pod/${index}`, reason: 'X', message: 'm' }));
    const error = new ActionError('DRIFT', 'differs', { hint: 'h', details: { problems: many } });
    expect(summaryText(createPlainFailure(error))).toContain('170 more problems are in `report.json`.');
  });
});

test.each([
  [[], 'This run changed nothing.'],
  [['Namespace/messaging'], 'This run created Namespace/messaging and changed nothing else.'],
])('a run that failed before it applied anything counts what it created before: %j', (changed, sentence) => {
  const before = { ...run, outcome: { ...outcome, hasBegun: false, changed } };
  expect(failed({ run: before })).toContain(` ${sentence} The last`);
});

test('the summary of a cancelled run says which revision each pod runs, and nothing about pods that were not seen', () => {
  const error = new ActionError('CANCELLED', 'stopped', { hint: 'again', details: { signal: 'SIGINT' } });
  const summary = summaryText({ error, run, diagnosis: { ...diagnosis, reason: undefined, mesh: EMPTY, pairs: [] } });
  expect(summary).toContain('| `nats-0` | `nats-a` | ready |\n| `nats-1` | `unknown` | ready |\n');
  expect(summary).toContain('### Details\n\n<details><summary>Pods');
});

test.each([
  ['Run the job again.', '**Next:** Run the job again.\n'],
  [
    'Nothing was changed. Set `name`, for example nats-2.',
    '**Next:** Nothing was changed. Set `name`, for example nats-2.\n',
  ],
  ['Look at it. It has a log. Run it again.', '**Next:**\n\n1. Look at it. It has a log.\n2. Run it again.\n'],
  ['This is wrong. Look. `kubectl` helps.', '**Next:** This is wrong.\n\n1. Look.\n2. `kubectl` helps.\n'],
])('the summary numbers the steps of the next action: %s', (hint, expected) => {
  const error = new ActionError('DRIFT', 'differs', { hint, details: { problems: [] } });
  expect(summaryText(createPlainFailure(error))).toContain(expected);
});

test('the summary shows a repeated log line once, with its number', () => {
  const line = (second: number): string =>
    `nats-0: [1] 2026/11/25 23:35:${second}.378083 [ERR] a - rid:${second} - bad`;
  const details = { problems: [], evidence: [line(10), line(11), 'another', line(12)] };
  const error = new ActionError('MESH_INCOMPLETE', 'no route', { hint: 'look', details });
  expect(summaryText(createPlainFailure(error))).toContain(`<pre>${line(10)} (3 times)\nanother</pre>`);
});

test('the annotation ends with the page of the error and the place', () => {
  const error = new ActionError('CLUSTER_UNREACHABLE', 'silent', {
    reason: 'Http503',
    hint: 'look',
    details: { server: 's' },
  });
  expect(renderAnnotation(error, run)).toBe(
    'silent\nlook\nSee docs/errors.md#reason-httpstatus\nNATS cluster nats in namespace messaging',
  );
  expect(renderAnnotation(error, { command: 'prune', name: undefined, namespace: undefined })).toMatch(
    /\npreviews in all namespaces$/,
  );
  expect(renderAnnotation(error, undefined)).toMatch(/httpstatus$/);
});

test('the page of each error is an anchor of the documentation', async () => {
  const page = await readFile('docs/errors.md', 'utf8');
  const pages = [
    errorPage({ code: 'MESH_INCOMPLETE', reason: 'UnknownAuthority' }),
    errorPage({ code: 'APPLY_REJECTED', reason: 'Invalid' }),
    errorPage({ code: 'CANCELLED', reason: undefined }),
    errorPage({ code: 'CLUSTER_UNREACHABLE', reason: 'Http503' }),
  ];
  expect(pages.filter((each) => !page.includes(`<a id="${each.replace('docs/errors.md#', '')}">`))).toEqual([]);
});
