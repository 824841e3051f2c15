import { describe, expect, test } from '@jest/globals';
import { derivePreviewName } from '../../../src/cluster/preview.ts';
import { deriveName } from '../../../src/inputs/parse.ts';
import { previewNames } from '../../../src/inputs/rows/preview.ts';
import { settingsOf } from '../../../src/inputs/settings.ts';

const BRANCH = 'feature/X';
const NAME = derivePreviewName(BRANCH);

describe('the input keep', () => {
  test.each([
    ['accepts names and branches', `nats-pr-1\n${BRANCH}`, ['nats-pr-1', NAME]],
    ['accepts commas', 'pr-1, pr-2', ['pr-1, pr-2', 'pr-1', 'pr-2'].map(derivePreviewName)],
    ['keeps both meanings of a branch with a comma', 'a,b', ['a,b', 'a', 'b'].map(derivePreviewName)],
    ['accepts a JSON array', '["pr-1", "a,b"]', ['pr-1', derivePreviewName('a,b')]],
    ['accepts an empty JSON array, which keeps no preview', '[]', []],
    ['accepts one name', 'pr-1', ['pr-1']],
    ['accepts names between blank lines and commas', '\r\n pr-1 ,\r\n\r\n,', [derivePreviewName('pr-1 ,'), 'pr-1']],
    ['removes duplicates of a JSON array', '["pr-1", "pr-1"]', ['pr-1']],
    ['accepts a quote and a hyphen within a name', `it's\nx-1`, [derivePreviewName("it's"), 'x-1']],
    ['removes duplicates', 'pr-1\npr-1\n', ['pr-1']],
    ['accepts hundreds of branches', Array.from({ length: 500 }, (_, n) => `pr-${n}`).join('\n'), undefined],
  ])('%s', (_, text, names) => {
    const parsed = previewNames.parse(text);
    expect(parsed).toEqual({ kind: 'accepted', value: names ?? expect.any(Array) });
  });

  test.each([
    ['a JSON array of other values', '[1, 2]'],
    ['a JSON array with one other value', '["pr-1", null]'],
    ['a JSON array with an empty text', '["pr-1", ""]'],
    ['one name in quotes among others', 'main\n"pr-2"\npr-3'],
    ['a name that begins with a quote', "'pr-1"],
    ['a name that ends with a quote', 'pr-1`'],
    ['one name that is too long among others', `main\n${'X'.repeat(1001)}`],
    ['an incomplete JSON array', '["pr-1", '],
    ['another quoted notation', '"pr-1", "pr-2"'],
    ['a YAML list', '- pr-1\n- pr-2'],
    ['separators only', ', ,'],
    ['a control character', 'pr-1\u0007'],
  ])('refuses %s, because every preview would be deleted', (_, text) => {
    expect(previewNames.parse(text).kind).toBe('refused');
  });
});

describe('a text that is not a valid name', () => {
  test.each([
    ['becomes a preview name with ttl', { name: BRANCH, ttl: '3d' }, NAME],
    ['becomes a preview name for delete', { name: ` ${BRANCH}\n`, command: 'delete' }, NAME],
    ['becomes a preview name for verify', { name: BRANCH, command: 'verify' }, NAME],
    ['becomes a preview name for rotate', { name: BRANCH, command: 'rotate' }, NAME],
    ['stays, and is refused later, without ttl', { name: BRANCH }, BRANCH],
    ['becomes a preview name for a command in spaces', { name: BRANCH, command: ' delete ' }, NAME],
    ['becomes a preview name with ttl for plan', { name: BRANCH, command: 'plan', ttl: '3d' }, NAME],
    ['stays, and is refused later, for plan without ttl', { name: BRANCH, command: 'plan' }, BRANCH],
    ['stays, and is refused later, with an empty ttl', { name: BRANCH, ttl: ' ' }, BRANCH],
    ['stays, and is refused later, for a command without previews', { name: BRANCH, command: 'prune' }, BRANCH],
    ['stays, and is refused later, if it has several lines', { name: 'a\nb', ttl: '3d' }, 'a\nb'],
  ])('%s', (_, inputs, name) => {
    expect(deriveName(new Map(Object.entries(inputs))).get('name')).toBe(name);
  });

  test('is not assumed for a valid name, which stays', () => {
    const inputs = new Map([
      ['name', 'nats-pr-1'],
      ['ttl', '3d'],
    ]);
    expect(deriveName(inputs)).toBe(inputs);
    const finding = new Map([
      ['name', 'nats-pr-1'],
      ['command', 'delete'],
    ]);
    expect(deriveName(finding)).toBe(finding);
  });

  test.each([{ ttl: '3d' }, { command: 'delete' }, { name: ' ', ttl: '3d' }])(
    'is not assumed without a name: %j',
    (given) => {
      const inputs = new Map(Object.entries(given));
      expect(deriveName(inputs)).toBe(inputs);
    },
  );
});

test('the ttl is not part of the stored settings, so another ttl is not a change', () => {
  expect(settingsOf(new Map([['ttl', '3d']]))).toBe('{}');
});
