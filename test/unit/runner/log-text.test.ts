import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { renderPlainLines, renderPlainTitle } from '../../../src/runner/log-text.ts';
import { commandIn, readAsRunner } from '../../support/runner-grammar.ts';

const WHITE_SPACE = [
  '',
  ' ',
  '\t',
  '\v',
  '\f',
  '\u0085',
  '\u00a0',
  '\u1680',
  '\u2003',
  '\u2028',
  '\u2029',
  '\u202f',
  '\u205f',
  '\u3000',
];
const UNSEEN = [
  '\u00ad',
  '\u034f',
  '\u061c',
  '\u115f',
  '\u180e',
  '\u200b',
  '\u200d',
  '\u2060',
  '\ufe0f',
  '\ufeff',
  '\0',
  '\x1b',
];
const COMMANDS = [
  'stop-commands',
  'set-output name=a',
  'add-mask',
  'error title=x',
  'group',
  'save-state name=x',
  'add-matcher',
];

describe('a text in the log is not a workflow command', () => {
  test.each(WHITE_SPACE)('after white space %j', (space) => {
    for (const command of COMMANDS) {
      const text = `${space}::${command}::x`;
      expect([command, commandsIn(text)]).toEqual([command, []]);
    }
  });

  test.each(['\r', '\n', '\r\n', '\u0085', '\u2028', '\n\t \n'])('on a line after %j', (end) => {
    expect(commandsIn(`a${end}::stop-commands::x${end}b ##[stop-commands]x`)).toEqual([]);
  });

  test.each(['', 'a', '#', '##', '[', '##[', 'took over the lock from run-17 '])(
    'in the old form after %j',
    (before) => {
      for (const command of COMMANDS) expect(commandsIn(`${before}##[${command}]x`)).toEqual([]);
    },
  );

  test.each(UNSEEN)('with %j in between', (unseen) => {
    for (const text of [
      `${unseen}::stop-commands::x`,
      `:${unseen}:stop-commands::x`,
      `::stop-commands:${unseen}:x`,
      `#${unseen}#[stop-commands]x`,
      `##${unseen}[stop-commands]x`,
      `${unseen}##[stop-commands]x`,
      `##[${unseen}stop-commands]x`,
    ]) {
      expect([text, commandsIn(text)]).toEqual([text, []]);
    }
  });

  test('with any content', () => {
    const part = fc.constantFrom(
      ...WHITE_SPACE,
      ...UNSEEN,
      ...COMMANDS,
      '::',
      ':',
      '##[',
      '##',
      '#',
      '[',
      ']',
      '\r',
      '\n',
      'a',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        expect(commandsIn(parts.join(''))).toEqual([]);
        expect(commandIn(renderPlainTitle(parts.join(''), 1000))).toBeUndefined();
      }),
      { numRuns: 5000 },
    );
  });
});

function commandsIn(text: string): readonly string[] {
  return readAsRunner(renderPlainLines(text).join('\n')).commands.map(({ name }) => name);
}

test('the workflow command parser of the tests finds commands in unescaped texts', () => {
  for (const space of WHITE_SPACE) {
    if (/[\u2028\u2029]/.test(space)) continue;
    expect([space, readAsRunner(`${space}::stop-commands::x`).stoppedUntil]).toEqual([space, 'x']);
  }
  expect(readAsRunner('a ##[set-output name=b;]c%3B').outputs).toEqual({ b: 'c;' });
  expect(readAsRunner('a\r::set-output name=b::c%0Ad').outputs).toEqual({ b: 'c\nd' });
  expect(readAsRunner('::stop-commands::x\n::add-mask::y\n::x::\n::add-mask::z\nyz').shown).toEqual([
    '::add-mask::y',
    'y***',
  ]);
});

describe('a text in the log stays readable', () => {
  test.each([
    ['an ordinary line', 'nats-0: ready', 'nats-0: ready'],
    ['an address', 'listens on ::1 and [::]:4222', 'listens on ::1 and [::]:4222'],
    ['emoji', '⚠️ 👩‍🚀 done', '⚠️ 👩‍🚀 done'],
    ['a tab', 'a\tb', 'a\tb'],
    ['a command of the old form', 'never ##[set-output name=pruned]["a"]', 'never ## [set-output name=pruned]["a"]'],
    ['a command', '  ::error::x', '  : :error::x'],
    ['the colours of a terminal', '\x1b[31mred\x07', '\\u{1b}[31mred\\u{7}'],
    ['a change of direction', 'a\u202eb', 'a\\u{202e}b'],
  ])('%s', (_, text, shown) => {
    expect(renderPlainLines(text)).toEqual([shown]);
  });
});
