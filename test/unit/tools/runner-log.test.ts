import { expect, test } from '@jest/globals';
import { createRunnerLog } from '../../../tools/runner-log.ts';

function shown(...lines: readonly string[]): readonly string[] {
  const printed: string[] = [];
  const log = createRunnerLog((line) => printed.push(line));
  lines.forEach(log.write);
  return printed;
}

test.each<[string, string[], string[]]>([
  ['a plain line stays unchanged', ['applied: Service/nats'], ['applied: Service/nats']],
  [
    'a mask and later occurrences of its value are hidden',
    ['a s3cret', '::add-mask::s3cret', 'a s3cret'],
    ['a s3cret', 'a ***'],
  ],
  ['a mask is unescaped', ['::add-mask::50%25 off', 'it is 50% off'], ['it is ***']],
  ['the longer of two masks wins', ['::add-mask::abcd', '::add-mask::abcdef', 'abcdef'], ['***']],
  ['each line of a mask is hidden', ['::add-mask::first%0Asecond', 'second'], ['***']],
  ['an empty mask hides nothing', ['::add-mask::', 'text'], ['text']],
  ['an error is printed as text', ['::error title=CODE (Reason)::what%0Ahint'], ['Error: CODE (Reason): what\nhint']],
  ['a title is unescaped', ['::error title=a%3A b%2C c,file=x::text'], ['Error: a: b, c: text']],
  ['an escaped percent sign is not a line end', ['::error::100%250A'], ['Error: 100%0A']],
  ['an annotation without a title', ['::warning::text'], ['Warning: text']],
  ['masks hold in annotations', ['::add-mask::s3cret', '::error::a s3cret'], ['Error: a ***']],
  ['a group has its title, but not its end', ['::group::Mesh', 'line', '::endgroup::'], ['▾ Mesh', 'line']],
  ['double colons alone are not a command', ['a::b', '::', 'tls://x'], ['a::b', '::', 'tls://x']],
])('%s', (_, lines, expected) => {
  expect(shown(...lines)).toEqual(expected);
});

test('other texts are masked with earlier masks', () => {
  const log = createRunnerLog(() => {});
  log.write('::add-mask::s3cret');
  expect(log.masked('url=tls://s3cret@x')).toBe('url=tls://***@x');
});
