import { describe, expect, test } from '@jest/globals';
import { renderImpact, renderState } from '../../../src/report/failure-impact.ts';

const OUTCOME = {
  end: '',
  safety: 'yes.',
  hasBegun: true,
  changed: [],
  hasRollback: undefined,
  verified: undefined,
} as const;

const names = (length: number): readonly string[] => Array.from({ length }, (_, ordinal) => `n${ordinal}`);

/** Returns the connections that both servers of each link report, for example of `n0 n1`. */
function linked(...links: readonly string[]) {
  return links.flatMap((link) => {
    const [from = '', to = ''] = link.split(' ');
    return [
      { from, to, connections: 4 },
      { from: to, to: from, connections: 4 },
    ];
  });
}

/** Returns pods of which the first ones are ready. */
function podsOf(ready: number, length: number) {
  return names(length).map((name, index) => ({ name, ready: index < ready, controllerRevision: undefined }));
}

const [one, other] = linked('n0 n1').map((pair) => [pair]);

describe('the impact of a failure on the servers', () => {
  const READY = podsOf(3, 3);
  test.each<[string, Parameters<typeof renderImpact>[1], string]>([
    [
      'a whole mesh',
      { servers: names(3), pairs: linked('n0 n1', 'n0 n2', 'n1 n2'), pods: READY },
      '3 of 3 servers are connected to each other. 3 of 3 pods are ready.',
    ],
    [
      'a chain, whose ends reach each other through the middle',
      { servers: names(3), pairs: linked('n0 n1', 'n1 n2'), pods: [] },
      '3 of 3 servers are connected to each other.',
    ],
    [
      'a ready server without a route, which Kubernetes does not notice',
      { servers: names(3), pairs: linked('n0 n1'), pods: READY },
      '2 of 3 servers are connected to each other. Not connected to the others: n2. 3 of 3 pods are ready, so Kubernetes does not restart any.',
    ],
    [
      'a server without a route that is not ready',
      { servers: names(3), pairs: linked('n0 n1'), pods: podsOf(2, 3) },
      '2 of 3 servers are connected to each other. Not connected to the others: n2. 2 of 3 pods are ready.',
    ],
    [
      'a route that only one end reports',
      { servers: names(2), pairs: one ?? [], pods: [] },
      'None of the 2 servers is connected to another one.',
    ],
    [
      'a route that only the other end reports',
      { servers: names(2), pairs: other ?? [], pods: [] },
      'None of the 2 servers is connected to another one.',
    ],
    [
      'routes without a connection',
      { servers: names(2), pairs: linked('n0 n1').map((pair) => ({ ...pair, connections: 0 })), pods: [] },
      'None of the 2 servers is connected to another one.',
    ],
    [
      'two groups of the same size, of which the first one counts',
      { servers: names(4), pairs: linked('n0 n1', 'n2 n3'), pods: [] },
      '2 of 4 servers are connected to each other. Not connected to the others: n2, n3.',
    ],
    [
      'a larger group after a smaller one',
      { servers: names(5), pairs: linked('n0 n1', 'n2 n3', 'n3 n4'), pods: [] },
      '3 of 5 servers are connected to each other. Not connected to the others: n0, n1.',
    ],
    [
      'nine servers without a route, which are named',
      { servers: names(11), pairs: linked('n0 n1'), pods: [] },
      '2 of 11 servers are connected to each other. Not connected to the others: n2, n3, n4, n5, n6, n7, n8, n9, n10.',
    ],
    [
      'ten servers without a route, which are counted',
      { servers: names(12), pairs: linked('n0 n1'), pods: [] },
      '2 of 12 servers are connected to each other. Not connected to the others: 10 servers.',
    ],
    ['no answer of a server', { servers: names(3), pairs: [], pods: READY }, '3 of 3 pods are ready.'],
    [
      'one server, which needs no route',
      { servers: names(1), pairs: [], pods: podsOf(0, 1) },
      '0 of 1 pods are ready.',
    ],
    [
      'one server that still has a route to a removed one',
      { servers: names(1), pairs: linked('n0 n1'), pods: podsOf(1, 1) },
      '1 of 1 pods are ready.',
    ],
  ])('is stated for %s', (_, servers, sentences) => {
    expect(renderImpact(undefined, servers).text).toBe(`**Impact:** ${sentences}\n`);
  });

  test('is not stated if nothing was observed', () => {
    expect(renderImpact(undefined, undefined).text).toBe('');
    expect(renderImpact(undefined, { servers: names(3), pairs: [], pods: [] }).text).toBe('');
  });
});

describe('the impact of a run', () => {
  const ROLLBACK_OFF = 'Nothing is rolled back, because `rollback-on-failure` is off.';
  const verified = { at: '2026-11-25T21:35:39.000Z', by: 'run 7' };
  test.each<[string, string, Partial<NonNullable<Parameters<typeof renderState>[0]>>, string]>([
    ['one changed object', 'deploy', { changed: ['Secret/a'] }, 'This run changed 1 object.'],
    ['two changed objects', 'rotate', { changed: ['Secret/a', 'Secret/b'] }, 'This run changed 2 objects.'],
    ['no known change after it began to write', 'deploy', {}, ''],
    ['no change before it began to write', 'deploy', { hasBegun: false }, 'This run changed nothing.'],
    ['no change of a rotation', 'rotate', { hasBegun: false }, 'This run changed nothing.'],
    ['no change of a command that only reads', 'verify', { hasBegun: false }, ''],
    ['a change of another command', 'delete', { hasBegun: false, changed: ['Secret/a'] }, 'This run changed 1 object.'],
    ['no rollback', 'deploy', { hasRollback: false }, ROLLBACK_OFF],
    ['no rollback, which is not needed', 'verify', { hasBegun: false, hasRollback: false }, ''],
    ['a rollback', 'deploy', { hasRollback: true }, ''],
    [
      'an earlier verification',
      'verify',
      { verified },
      'The last successful verification was at 2026-11-25 21:35 UTC, by run 7.',
    ],
  ])('is stated for %s: %s', (_, command, fields, sentence) => {
    const { text } = renderImpact({ command, outcome: { ...OUTCOME, ...fields } }, undefined);
    expect(text.replaceAll('\\', '')).toBe(sentence === '' ? '' : `**Impact:** ${sentence}\n`);
  });
});

describe('the state after a cancelled run', () => {
  const readyIn = (text: string) => text.match(/ ready \|/g)?.length ?? 0;

  test('is not stated if nothing was observed', () => {
    expect(renderState(undefined).text).toBe('');
    expect(renderState(OUTCOME).text).toBe('**Safe to leave:** yes.\n');
  });

  test.each([
    [1, 1],
    [30, 30],
    [31, 30],
  ])('has one line for each of %d pods, but at most %d', (length, lines) => {
    expect(readyIn(renderState(undefined, podsOf(length, length)).text)).toBe(lines);
  });

  test('names the pods that are not ready', () => {
    expect(renderState(undefined, podsOf(1, 2)).text).toContain('| `n1` | `unknown` | not ready |');
  });
});
