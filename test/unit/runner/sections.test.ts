import { expect, test } from '@jest/globals';
import { createSections } from '../../../src/runner/log-text.ts';

function logOf(steps: readonly (readonly ['begin', string | undefined] | readonly ['line'])[]): readonly string[] {
  const log: string[] = [];
  const sections = createSections(
    (title) => log.push(`[${title}`),
    () => log.push(']'),
  );
  for (const [step, title] of steps) {
    if (step === 'begin') sections.begin(title);
    else {
      sections.line();
      log.push('line');
    }
  }
  return log;
}

test.each<[string, Parameters<typeof logOf>[0], string[]]>([
  ['lines before any section stand alone', [['line']], ['line']],
  ['a section opens with its first line', [['begin', 'wait'], ['line'], ['line']], ['[wait', 'line', 'line']],
  ['a section without a line does not show', [['begin', 'apply'], ['begin', 'wait'], ['line']], ['[wait', 'line']],
  [
    'the next section ends the one before',
    [['begin', 'a'], ['line'], ['begin', 'b'], ['line']],
    ['[a', 'line', ']', '[b', 'line'],
  ],
  ['none ends it as well', [['begin', 'a'], ['line'], ['begin', undefined], ['line']], ['[a', 'line', ']', 'line']],
  ['the same section goes on', [['begin', 'a'], ['line'], ['begin', 'a'], ['line']], ['[a', 'line', 'line']],
  [
    'what is over is closed once',
    [['begin', 'a'], ['line'], ['begin', undefined], ['begin', undefined]],
    ['[a', 'line', ']'],
  ],
])('%s', (_, steps, log) => {
  expect(logOf(steps)).toEqual(log);
});
