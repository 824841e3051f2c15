import { expect, test } from '@jest/globals';
import { Sections } from '../../../src/runner/log-text.ts';

function logOf(steps: readonly (readonly ['begin', string | undefined] | readonly ['line'])[]): readonly string[] {
  const log: string[] = [];
  const sections = new Sections(
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
  ['lines before the first section are not grouped', [['line']], ['line']],
  ['a section begins with its first line', [['begin', 'wait'], ['line'], ['line']], ['[wait', 'line', 'line']],
  ['a section without lines is not printed', [['begin', 'apply'], ['begin', 'wait'], ['line']], ['[wait', 'line']],
  [
    'the next section ends the previous one',
    [['begin', 'a'], ['line'], ['begin', 'b'], ['line']],
    ['[a', 'line', ']', '[b', 'line'],
  ],
  [
    'leaving a section ends it as well',
    [['begin', 'a'], ['line'], ['begin', undefined], ['line']],
    ['[a', 'line', ']', 'line'],
  ],
  ['the same section continues', [['begin', 'a'], ['line'], ['begin', 'a'], ['line']], ['[a', 'line', 'line']],
  [
    'a finished section is closed once',
    [['begin', 'a'], ['line'], ['begin', undefined], ['begin', undefined]],
    ['[a', 'line', ']'],
  ],
])('%s', (_, steps, log) => {
  expect(logOf(steps)).toEqual(log);
});
