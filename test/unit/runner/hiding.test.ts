import { describe, expect, test } from '@jest/globals';
import { Hiding } from '../../../src/runner/hiding.ts';

describe('an output that contains a secret', () => {
  test.each([
    ['is hidden if the secret is no word by accident', 'x'.repeat(16), true],
    ['is passed on if the secret may be a word', 'x'.repeat(15), false],
  ])('%s', (_, text, isHidden) => {
    const hiding = new Hiding(() => undefined);
    hiding.hide({ text: 'short word', source: 'users' });
    hiding.hide({ text, source: 'client-password' });
    expect(hiding.checkOutput('url', `short word tls://${text}@host`)).toBe(isHidden);
    expect(hiding.checkOutput('name', 'other')).toBe(false);
  });

  test.each([
    [['url'], /^This output contains .*`users`: `url`\./],
    [['url', 'namespace'], /^These outputs contain .*`users`: `url`, `namespace`\./],
  ] as const)('is named in a warning: %j', (names, warning) => {
    const hiding = new Hiding(() => undefined);
    hiding.hide({ text: 'canary', source: 'users' });
    for (const name of names) hiding.checkOutput(name, 'a canary');
    expect(hiding.warnings()).toEqual([expect.stringMatching(warning)]);
  });
});

test('each secret is masked once, and the first source is named', () => {
  const masks: string[] = [];
  const hiding = new Hiding((mask) => masks.push(mask));
  for (const source of ['first', 'second']) hiding.hide({ text: 'canary', source });
  expect(masks).toEqual(['canary']);
  hiding.checkOutput('url', 'canary');
  expect(hiding.warnings()).toEqual([expect.stringContaining('`first`')]);
});

test('a secret is too short below four characters', () => {
  const hiding = new Hiding(() => undefined);
  hiding.hide({ text: 'abc', source: 'users' });
  hiding.hide({ text: 'abcd', source: 'files' });
  expect(hiding.warnings()).toEqual([expect.stringContaining(': `users`.')]);
  expect(new Hiding(() => undefined).warnings()).toEqual([]);
});
