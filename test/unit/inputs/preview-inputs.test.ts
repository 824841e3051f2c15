import { describe, expect, test } from '@jest/globals';
import { derivePreviewName } from '../../../src/cluster/preview.ts';
import { deriveName } from '../../../src/inputs/parse.ts';
import { previewNames } from '../../../src/inputs/rows/preview.ts';
import { settingsOf } from '../../../src/inputs/settings.ts';

const BRANCH = 'feature/X';
const NAME = derivePreviewName(BRANCH);

describe('keep', () => {
  test.each([
    ['takes names and branches alike', `nats-pr-1\n${BRANCH}`, ['nats-pr-1', NAME]],
    ['takes commas', 'pr-1, pr-2', ['pr-1, pr-2', 'pr-1', 'pr-2'].map(derivePreviewName)],
    ['keeps a branch with a comma, and what it may have meant', 'a,b', ['a,b', 'a', 'b'].map(derivePreviewName)],
    ['takes a JSON array', '["pr-1", "a,b"]', ['pr-1', derivePreviewName('a,b')]],
    ['takes an empty JSON array: none stays', '[]', []],
    ['knows one name once', 'pr-1\npr-1\n', ['pr-1']],
    ['takes as many as there may be branches', Array.from({ length: 500 }, (_, n) => `pr-${n}`).join('\n'), undefined],
  ])('%s', (_, text, names) => {
    const parsed = previewNames.parse(text);
    expect(parsed).toEqual({ kind: 'accepted', value: names ?? expect.any(Array) });
  });

  test.each([
    ['a JSON array of something else', '[1, 2]'],
    ['half a JSON array', '["pr-1", '],
    ['quotes of another notation', '"pr-1", "pr-2"'],
    ['a YAML list', '- pr-1\n- pr-2'],
    ['nothing but separators', ', ,'],
    ['a character that ends no line', 'pr-1\u0007'],
  ])('refuses %s, as every preview would go', (_, text) => {
    expect(previewNames.parse(text).kind).toBe('refused');
  });
});

describe('a name that is none', () => {
  test.each([
    ['is that of a preview with ttl', { name: BRANCH, ttl: '3d' }, NAME],
    ['is found by delete', { name: ` ${BRANCH}\n`, command: 'delete' }, NAME],
    ['is found by verify', { name: BRANCH, command: 'verify' }, NAME],
    ['is found by rotate', { name: BRANCH, command: 'rotate' }, NAME],
    ['is left to be refused without ttl', { name: BRANCH }, BRANCH],
    ['is left to be refused with an empty ttl', { name: BRANCH, ttl: ' ' }, BRANCH],
    ['is left to be refused by a command that has none', { name: BRANCH, command: 'prune' }, BRANCH],
    ['of several lines is left to be refused', { name: 'a\nb', ttl: '3d' }, 'a\nb'],
  ])('%s', (_, inputs, name) => {
    expect(deriveName(new Map(Object.entries(inputs))).get('name')).toBe(name);
  });

  test('and one that is valid stays as it is', () => {
    const inputs = new Map([
      ['name', 'nats-pr-1'],
      ['ttl', '3d'],
    ]);
    expect(deriveName(inputs)).toBe(inputs);
  });
});

test('a deployment does not keep its ttl: another time is no other deployment', () => {
  expect(settingsOf(new Map([['ttl', '3d']]))).toBe('{}');
});
