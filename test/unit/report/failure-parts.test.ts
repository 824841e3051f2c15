import { describe, expect, test } from '@jest/globals';
import { ActionError, type ObjectProblem } from '../../../src/errors/action-error.ts';
import {
  createPlainFailure,
  type FailureDiagnosis,
  renderFailureSummary,
} from '../../../src/report/failure-summary.ts';
import { md } from '../../../src/text/markdown.ts';
import { deployReport } from '../support/deploy-report.ts';

const problemsOf = (length: number): readonly ObjectProblem[] =>
  Array.from({ length }, (_, index) => ({ object: `Pod/nats-${index}`, reason: 'X', message: `m${index}` }));

function summaryOf(message: string, problems: readonly ObjectProblem[], evidence?: readonly string[]): string {
  const details = evidence === undefined ? { problems } : { problems, evidence };
  return renderFailureSummary(createPlainFailure(new ActionError('DRIFT', message, { hint: 'look', details }))).text;
}

describe('the problems in the summary of a failure', () => {
  test.each([
    ['is the whole message for one problem', 'it differs: m0', 1, 'it differs: m0'],
    ['leaves out two problems, which a table repeats', 'it differs: m0; m1', 2, 'it differs: '],
    ['leaves out problems before other texts', 'm0; m1; and more', 2, 'and more'],
    ['counts the problems if there is no other text', 'm0; m1', 2, '2 problems:'],
  ])('the cause %s', (_, message, count, cause) => {
    expect(summaryOf(message, problemsOf(count))).toContain(`\n**Cause:** ${cause}\n`);
  });

  test.each([
    [1, 0, undefined],
    [2, 2, undefined],
    [30, 30, undefined],
    [31, 30, '1'],
  ])('%d problems have %d rows in a table, and a note about the rest: %j', (count, rows, more) => {
    const text = summaryOf('it differs', problemsOf(count));
    expect(text.match(/^\| `Pod\/nats-\d+` \| X \| m\d+ \|$/gm) ?? []).toHaveLength(rows);
    expect(/(\d+) more problems/.exec(text)?.[1]).toBe(more);
  });

  test.each([
    [undefined, undefined],
    [[], undefined],
    [['a line'], 1],
    [Array.from({ length: 15 }, (_, index) => `line ${'x'.repeat(index)}`), 15],
    [Array.from({ length: 16 }, (_, index) => `line ${'x'.repeat(index)}`), 15],
  ])('the evidence %j has %j lines', (evidence, lines) => {
    const text = summaryOf('it differs', [], evidence);
    expect(/<pre>([^<]*)<\/pre>/.exec(text)?.[1]?.split('\n').length).toBe(lines);
    expect(text.includes('**Evidence:**')).toBe(lines !== undefined);
  });
});

/** Returns the observations of a full mesh. */
function meshOf(replicas: number): Pick<FailureDiagnosis, 'servers' | 'pairs'> {
  const { servers, pairs } = deployReport(replicas);
  return { servers, pairs };
}

/** Returns the summary of a failure whose cluster was inspected. */
function diagnosed(error: ActionError, more: Partial<FailureDiagnosis> = {}): string {
  const diagnosis = {
    reason: 'X',
    root: md`the root`,
    mesh: md`the table`,
    rest: md`the rest`,
    pods: [],
    ...meshOf(2),
  };
  return renderFailureSummary({ error, run: undefined, diagnosis: { ...diagnosis, ...more } }).text;
}

describe('the diagnosis in the summary of a failure', () => {
  const reason = 'X';
  const without = { problems: [] };
  const evidence = { problems: [], evidence: ['a line'] };

  test.each(['MESH_INCOMPLETE', 'WAIT_TIMEOUT', 'DRIFT'] as const)('has a diagram for %s', (code) => {
    const text = diagnosed(new ActionError(code, 'no route', { hint: 'look', details: without }));
    expect([text.includes('```mermaid'), text.includes('the table')]).toStrictEqual([true, false]);
  });

  test.each([
    ['another error', 'ROLLOUT_STALLED', {}],
    ['servers that did not answer', 'DRIFT', { pairs: [] }],
    ['one server', 'DRIFT', { servers: ['nats-0'] }],
    ['ten servers', 'DRIFT', meshOf(10)],
  ] as const)('has a table in place of a diagram for %s', (_, code, more) => {
    const text = diagnosed(new ActionError(code, 'no route', { hint: 'look', details: without }), more);
    expect([text.includes('```mermaid'), text.includes('the table')]).toStrictEqual([false, true]);
  });

  test('has a diagram of nine servers', () => {
    const error = new ActionError('DRIFT', 'no route', { hint: 'look', details: without });
    expect(diagnosed(error, meshOf(9))).toContain('```mermaid');
  });

  test.each([
    ['the same cause with its evidence is above', 'DRIFT', 'X', evidence, [false, true]],
    ['the same cause is above without evidence', 'DRIFT', 'X', without, [true, true]],
    ['another cause is above', 'DRIFT', 'Y', evidence, [true, true]],
    ['the same cause is above, and there is no diagram', 'ROLLOUT_STALLED', 'X', evidence, [false, false]],
    ['another cause is above, and there is no diagram', 'ROLLOUT_STALLED', 'Y', evidence, [true, true]],
  ] as const)('has the root cause and a title for it as needed: %s', (_, code, above, details, expected) => {
    const text = diagnosed(new ActionError(code, 'bad', { reason: above, hint: 'look', details }), { reason });
    expect([text.includes('the root'), text.includes('### Diagnosis')]).toStrictEqual(expected);
    expect(text.includes('### Details')).toBe(!expected[1]);
  });
});
