import { describe, expect, test } from '@jest/globals';
import { deletionEnding } from '../../../src/report/ending.ts';

describe('the ending of delete', () => {
  const left = [{ object: 'Service/nats', why: 'somebody else made it' }];
  const report = {
    kind: 'deletion',
    name: 'nats',
    namespace: 'messaging',
    deleted: ['Secret/nats-config'],
    left,
  } as const;

  test('tells what was deleted, what stays, and why', () => {
    const { verdict, lines, outputs, summary, json } = deletionEnding(report);
    expect(verdict).toBe('nats: deleted, 1 object');
    expect(lines).toEqual(['left: Service/nats, as somebody else made it']);
    expect(Object.fromEntries(outputs)).toMatchObject({ result: 'deleted', changed: true, namespace: 'messaging' });
    expect(summary).toContain('| `Secret/nats-config` | deleted |');
    expect(summary).toContain('| `Service/nats` | left: somebody else made it |');
    expect(JSON.parse(json)).toMatchObject({ result: 'deleted', deleted: ['Secret/nats-config'], left });
  });

  test('of a second run changed nothing', () => {
    const { verdict, outputs } = deletionEnding({ ...report, deleted: [] });
    expect(verdict).toBe('nats: nothing to delete');
    expect(Object.fromEntries(outputs)).toMatchObject({ result: 'unchanged', changed: false });
  });
});
