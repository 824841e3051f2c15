import { describe, expect, test } from '@jest/globals';
import { ActionError } from '../../../src/errors/action-error.ts';
import { buildPruneEnding } from '../../../src/report/command-endings.ts';
import { buildDeletionEnding } from '../../../src/report/ending.ts';

describe('the report of delete', () => {
  const left = [{ object: 'Service/nats', why: 'this action did not create it' }];
  const report = {
    kind: 'deletion',
    name: 'nats',
    namespace: 'messaging',
    deleted: ['Secret/nats-config'],
    left,
  } as const;

  test('lists deleted and remaining objects, with reasons', () => {
    const { verdict, lines, outputs, summary, json } = buildDeletionEnding(report);
    expect(verdict).toBe('nats: deleted, 1 object');
    expect(lines).toEqual(['left: Service/nats, because this action did not create it']);
    expect(Object.fromEntries(outputs)).toMatchObject({ result: 'deleted', changed: true, namespace: 'messaging' });
    expect(summary.text).toContain('| `Secret/nats-config` | deleted |');
    expect(summary.text).toContain('| `Service/nats` | left: this action did not create it |');
    expect(JSON.parse(json)).toMatchObject({ result: 'deleted', deleted: ['Secret/nats-config'], left });
  });

  test('of a repeated run has no change', () => {
    const { verdict, outputs, json } = buildDeletionEnding({ ...report, deleted: [] });
    expect(JSON.parse(json)).toMatchObject({ result: 'unchanged', changed: false, deleted: [] });
    expect(verdict).toBe('nats: nothing to delete');
    expect(buildDeletionEnding({ ...report, deleted: ['a', 'b'] }).verdict).toBe('nats: deleted, 2 objects');
    expect(Object.fromEntries(outputs)).toMatchObject({ result: 'unchanged', changed: false });
  });
});

describe('the report of prune', () => {
  const pruned = [{ preview: 'previews/pr-1', why: 'it is not in `keep`' }];
  const staying = [{ preview: 'previews/pr-2', why: 'it expires at 2026-03-02T12:00:00.000Z' }];
  const report = {
    kind: 'prune',
    namespace: 'previews',
    pruned,
    staying,
    failed: [],
    namespaces: [],
    left: [],
  } as const;
  const error = new ActionError('WAIT_TIMEOUT', 'Pod/pr-3-0: ending', { hint: 'again', details: { problems: [] } });

  test('lists deleted and remaining previews, with reasons', () => {
    const { verdict, lines, outputs, summary, failure } = buildPruneEnding(report);
    expect(verdict).toBe('prune: 1 preview deleted, 1 kept');
    expect(lines).toEqual(['kept: previews/pr-2, because it expires at 2026-03-02T12:00:00.000Z']);
    expect(Object.fromEntries(outputs)).toEqual({
      result: 'pruned',
      changed: true,
      namespace: 'previews',
      pruned: '["previews/pr-1"]',
    });
    expect(summary.text).toContain('| `previews/pr-1` | deleted, because it is not in `keep` |');
    expect(failure).toBeUndefined();
  });

  test('names its namespace, or all of them', () => {
    const titleOf = (namespace: string | undefined) =>
      buildPruneEnding({ ...report, namespace }).summary.text.split(':')[0];
    expect(titleOf('previews')).toBe('## ✅ Previews in namespace previews');
    expect(titleOf(undefined)).toBe('## ✅ Previews in all namespaces');
  });

  test('has a change if only a namespace was deleted', () => {
    const { outputs } = buildPruneEnding({ ...report, pruned: [], namespaces: ['Namespace/previews'] });
    expect(Object.fromEntries(outputs)).toMatchObject({ result: 'pruned', changed: true, pruned: '[]' });
  });

  test('of a run without work has no change', () => {
    const { outputs, json } = buildPruneEnding({ ...report, pruned: [], namespace: undefined });
    expect(JSON.parse(json)).toMatchObject({ result: 'unchanged', changed: false });
    expect(JSON.parse(json)).not.toHaveProperty('error');
    expect(Object.fromEntries(outputs)).toEqual({ result: 'unchanged', changed: false, pruned: '[]' });
  });

  test('fails with every preview that could not be deleted, and lists the others', () => {
    const { outputs, summary, json, failure } = buildPruneEnding({
      ...report,
      failed: [{ preview: 'previews/pr-3', error }],
    });
    expect(failure).toMatchObject({
      code: 'PRUNE_INCOMPLETE',
      reason: 'WAIT_TIMEOUT',
      hint: 'again',
      details: { problems: [{ object: 'previews/pr-3' }] },
    });
    expect(Object.fromEntries(outputs)).toMatchObject({ result: 'failed', changed: true, pruned: '["previews/pr-1"]' });
    expect(summary.text).toMatch(/^## ❌ PRUNE_INCOMPLETE \(WAIT_TIMEOUT\)/);
    expect(summary.text).toContain('| `previews/pr-1` | deleted');
    const { code, reason, message, hint, details } = failure ?? {};
    expect(message).toMatch(/^1 of 2 previews could not be deleted: /);
    expect(JSON.parse(json)).toMatchObject({ result: 'failed', failed: [{ preview: 'previews/pr-3' }] });
    expect(JSON.parse(json)).toHaveProperty('error', { code, reason, message, hint, details });
  });
});
