import { expect, test } from '@jest/globals';
import { renderFaults } from '../../../tools/faults-document.ts';

const CRASH = {
  fault: 'configuration error',
  code: 'ROLLOUT_STALLED (ConfigurationError)',
  seconds: 1.234,
  told: 'pod nats-0: ended',
  state: 'nats-0 CrashLoopBackOff',
};

function rowsOf(text: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| Fault') && !line.includes('---'));
}

test('each fault is a row with its code, time, words and state', () => {
  expect(rowsOf(renderFaults([{ name: 'crashes', results: [CRASH] }]))).toEqual([
    '| configuration error | `ROLLOUT_STALLED (ConfigurationError)` | 1.2 | pod nats-0: ended | nats-0 CrashLoopBackOff |',
  ]);
});

test('a fault that the run outlives has no time', () => {
  const { seconds: _, ...survived } = { ...CRASH, code: 'green' };
  expect(rowsOf(renderFaults([{ name: 'crashes', results: [survived] }]))[0]).toContain('| green | – |');
});

test.each([
  ['a bar', 'a|b', 'a\\|b'],
  ['a tag', '<b>', '&lt;b>'],
  ['a line end', 'a\nb', 'a b'],
])('%s in what the reader is told does not break the table', (_, told, shown) => {
  expect(rowsOf(renderFaults([{ name: 'crashes', results: [{ ...CRASH, told }] }]))[0]).toContain(`| ${shown} |`);
});

test('the faults of all themes are counted', () => {
  const themes = ['crashes', 'routes'].map((name) => ({ name, results: [CRASH, CRASH] }));
  expect(renderFaults(themes)).toContain('4 faults.');
});
