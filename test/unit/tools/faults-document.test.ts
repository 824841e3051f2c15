import { access } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { readBreaks, renderBreaks, renderFaults } from '../../../tools/faults-document.ts';

const CRASH = {
  fault: 'configuration error',
  code: 'ROLLOUT_STALLED (ConfigurationError)',
  seconds: 1.234,
  message: 'pod nats-0: ended',
  state: 'nats-0 CrashLoopBackOff',
};

function rowsOf(text: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| Fault') && !line.includes('---'));
}

test('each fault is a table row with its code, time, message and state', () => {
  expect(rowsOf(renderFaults([{ name: 'crashes', results: [CRASH] }]))).toEqual([
    '| configuration error | `ROLLOUT_STALLED (ConfigurationError)` | 1.2 | pod nats-0: ended | nats-0 CrashLoopBackOff |',
  ]);
});

test('a fault that does not fail the run has no time', () => {
  const { seconds: _, ...survived } = { ...CRASH, code: 'green' };
  expect(rowsOf(renderFaults([{ name: 'crashes', results: [survived] }]))[0]).toContain('| succeeds | – |');
});

test.each([
  ['a bar', 'a|b', 'a\\|b'],
  ['a tag', '<b>', '&lt;b>'],
  ['a line end', 'a\nb', 'a b'],
])('%s in a message does not break the table', (_, message, shown) => {
  expect(rowsOf(renderFaults([{ name: 'crashes', results: [{ ...CRASH, message }] }]))[0]).toContain(`| ${shown} |`);
});

test('the faults of all themes are counted', () => {
  const themes = ['crashes', 'routes'].map((name) => ({ name, results: [CRASH, CRASH] }));
  expect(renderFaults(themes)).toContain('4 faults.');
});

describe('the table of broken rules', () => {
  const BREAK = { kind: 'One at a time.', broken: '`f` in src/a.ts took <all>.', red: 'test/a.test.ts: a|b' };

  test('has a row for each edit, with its rule and the test that failed', () => {
    expect(renderBreaks([BREAK]).split('\n').at(-2)).toBe(
      '| One at a time. | `f` in src/a.ts took &lt;all>. | test/a.test.ts: a\\|b |',
    );
  });

  test('has the full name of a test, however long it is', () => {
    const red = `test/a.test.ts: ${'name '.repeat(100)}end`;
    expect(renderBreaks([{ ...BREAK, red }])).toContain(red);
  });

  test('names only existing files, and each edit once', async () => {
    const breaks = await readBreaks();
    const files = breaks.flatMap(({ broken, red }) => [
      /src\/\S+\.ts/.exec(broken)?.[0] ?? broken,
      /^test\/\S+\.test\.ts/.exec(red)?.[0] ?? red,
    ]);
    await expect(Promise.all([...new Set(files)].map(async (file) => await access(file)))).resolves.toBeDefined();
    expect(new Set(breaks.map(({ broken }) => broken)).size).toBe(breaks.length);
  });

  test('has rows for the twelve rules, grouped by rule', async () => {
    const kinds = (await readBreaks()).map(({ kind }) => kind);
    expect(new Set(kinds).size).toBe(12);
    expect(kinds.filter((kind, index) => kind !== kinds[index - 1])).toHaveLength(12);
  });
});
