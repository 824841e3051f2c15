import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  DEPLOYMENT_NAME,
  decidePruning,
  derivePreviewName,
  isDeploymentName,
  isRenewed,
  type Preview,
  type PruneRule,
} from '../../../src/cluster/preview.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const LONGEST_TEXT = 1000;
const PREVIEW: Preview = {
  name: 'pr-1',
  namespace: 'previews',
  uid: 'u',
  resourceVersion: '1',
  expires: '2026-03-02T12:00:00.000Z',
};

describe('the name of a preview', () => {
  test.each([
    ['is the text itself if that is a valid name', 'nats-pr-12', 'nats-pr-12'],
    ['is the readable part of a branch and a digest', 'preview/feature_X#12', 'preview-feature-x-12-c072278d'],
    ['begins with a letter even if the branch begins with a digit', '123-fix', 'nats-123-fix-'],
    ['exists for a number', '12', 'nats-12-'],
    ['exists for a branch without any usable character', 'привет/мир', 'nats-'],
    ['has no hyphen at the end of the readable part', 'feature/', 'feature-'],
  ])('%s', (_, text, expected) => {
    const name = derivePreviewName(text) ?? '';
    expect(name.slice(0, expected.length)).toBe(expected);
    expect(isDeploymentName(name)).toBe(true);
  });

  test('differs for long branches that differ only at the end', () => {
    const [first, second] = ['a', 'b'].map((end) => derivePreviewName(`feature/${'long-'.repeat(40)}${end}`));
    expect(first).not.toBe(second);
    expect(first).toMatch(/^feature(-long){7}-[0-9a-f]{8}$/);
  });

  test('differs for branches that are equal once invalid characters are replaced', () => {
    const names = ['feature/x', 'feature-x', 'Feature-x', 'feature_x', 'feature.x'].map(derivePreviewName);
    expect(new Set(names).size).toBe(names.length);
  });

  test('is the same in every run', () => {
    expect(derivePreviewName('feature/x')).toBe('feature-x-217d2bf5');
  });

  test('is valid for any line of text, and missing for an empty text or several lines', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 300, unit: 'grapheme' }), (text) => {
        const name = derivePreviewName(text);
        expect(name === undefined ? /\p{Cc}/u.test(text) : isDeploymentName(name)).toBe(true);
      }),
    );
    expect(derivePreviewName('x'.repeat(LONGEST_TEXT))).toMatch(/^x{43}-[0-9a-f]{8}$/);
    expect(['', 'a\nb', 'x'.repeat(LONGEST_TEXT + 1)].map(derivePreviewName)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

test.each([
  ['a', true],
  ['a'.repeat(DEPLOYMENT_NAME.longest), true],
  ['a'.repeat(DEPLOYMENT_NAME.longest + 1), false],
  ['a-', false],
  ['-a', false],
  ['1a', false],
  ['A', false],
  ['', false],
])('%j is the name of a deployment: %s', (text, isName) => {
  expect(isDeploymentName(text)).toBe(isName);
});

describe('a preview', () => {
  test.each<[string, Partial<Preview>, Partial<PruneRule>, 'prune' | 'stay', RegExp]>([
    ['stays before its expiry', {}, {}, 'stay', /expires at 2026-03-02 12:00/],
    ['goes after its expiry', { expires: '2026-03-01T11:59:59.999Z' }, {}, 'prune', /expired at 2026-03-01 11:59/],
    ['goes at its expiry', { expires: '2026-03-01T12:00:00.000Z' }, {}, 'prune', /expired at/],
    ['stays while `keep` lists it', {}, { keep: ['pr-0', 'pr-1'] }, 'stay', /expires at/],
    ['goes before its expiry if `keep` does not list it', {}, { keep: ['pr-10'] }, 'prune', /not in `keep`/],
    [
      'goes after its expiry even if `keep` lists it',
      { expires: '2026-02-01T00:00:00Z' },
      { keep: ['pr-1'] },
      'prune',
      /expired at/,
    ],
    ['stays if its expiry cannot be read', { expires: 'never' }, {}, 'stay', /is not a valid time: "never"/],
    [
      'stays if its expiry cannot be read, even if `keep` does not list it',
      { expires: '' },
      { keep: [] },
      'stay',
      /is not a valid time/,
    ],
    [
      'stays if its expiry is a day that does not exist',
      { expires: '2026-02-99T00:00:00Z' },
      {},
      'stay',
      /not a valid time/,
    ],
    ['stays if its expiry is a number without a date', { expires: '0' }, {}, 'stay', /is not a valid time/],
  ])('%s', (_, preview, terms, kind, why) => {
    const verdict = decidePruning({ ...PREVIEW, ...preview }, { keep: undefined, now: NOW, ...terms });
    expect(verdict).toEqual({ kind, why: expect.stringMatching(why) });
  });

  test.each([
    ['another expiry', { expires: '2026-03-03T12:00:00.000Z' }, true],
    ['another uid, because it was recreated', { uid: 'v' }, true],
    ['another expiry and another uid', { expires: '2026-03-03T12:00:00.000Z', uid: 'v' }, true],
    ['a label that another tool added', { resourceVersion: '2' }, false],
  ])('with %s counts as renewed: %s', (_, now, renewed) => {
    expect(isRenewed(PREVIEW, { ...PREVIEW, ...now })).toBe(renewed);
  });
});
