import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  decidePruning,
  derivePreviewName,
  isDeploymentName,
  isRenewed,
  type Preview,
  type PruneRule,
} from '../../../src/cluster/preview.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const PREVIEW: Preview = {
  name: 'pr-1',
  namespace: 'previews',
  uid: 'u',
  resourceVersion: '1',
  expires: '2026-03-02T12:00:00.000Z',
};

describe('the name of a preview', () => {
  test.each([
    ['is the text itself where that is one', 'nats-pr-12', 'nats-pr-12'],
    ['has the readable part of a branch, and its digest', 'preview/feature_X#12', 'preview-feature-x-12-c072278d'],
    ['begins with a letter where the branch begins with a digit', '123-fix', 'nats-123-fix-'],
    ['is there for a number alone', '12', 'nats-12-'],
    ['is there where nothing of the branch can be kept', 'привет/мир', 'nats-'],
    ['has no hyphen at the end of what is kept', 'feature/', 'feature-'],
  ])('%s', (_, text, expected) => {
    const name = derivePreviewName(text) ?? '';
    expect(name.slice(0, expected.length)).toBe(expected);
    expect(isDeploymentName(name)).toBe(true);
  });

  test('differs for long branches that differ only at their end', () => {
    const [first, second] = ['a', 'b'].map((end) => derivePreviewName(`feature/${'long-'.repeat(40)}${end}`));
    expect(first).not.toBe(second);
    expect(first).toMatch(/^feature(-long){7}-[0-9a-f]{8}$/);
  });

  test('differs for branches that read the same once their characters are replaced', () => {
    const names = ['feature/x', 'feature-x', 'Feature-x', 'feature_x', 'feature.x'].map(derivePreviewName);
    expect(new Set(names).size).toBe(names.length);
  });

  test('is the same in every run', () => {
    expect(derivePreviewName('feature/x')).toBe('feature-x-217d2bf5');
  });

  test('is a valid one for any line of text, and no name for none or several lines', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 300, unit: 'grapheme' }), (text) => {
        const name = derivePreviewName(text);
        expect(name === undefined ? /\p{Cc}/u.test(text) : isDeploymentName(name)).toBe(true);
      }),
    );
    expect(['', 'a\nb', 'x'.repeat(1001)].map(derivePreviewName)).toEqual([undefined, undefined, undefined]);
  });
});

describe('a preview', () => {
  test.each<[string, Partial<Preview>, Partial<PruneRule>, 'prune' | 'stay', RegExp]>([
    ['whose time has not passed stays', {}, {}, 'stay', /until 2026-03-02T12:00:00/],
    ['whose time has passed goes', { expires: '2026-03-01T11:59:59.999Z' }, {}, 'prune', /since 2026-03-01T11:59/],
    ['whose time is now goes', { expires: '2026-03-01T12:00:00.000Z' }, {}, 'prune', /time is up/],
    ['that is in keep stays', {}, { keep: ['pr-0', 'pr-1'] }, 'stay', /until/],
    ['that is not in keep goes before its time', {}, { keep: ['pr-10'] }, 'prune', /not in keep/],
    [
      'that is in keep goes once its time has passed',
      { expires: '2026-02-01T00:00:00Z' },
      { keep: ['pr-1'] },
      'prune',
      /since/,
    ],
    ['whose time cannot be read stays', { expires: 'never' }, {}, 'stay', /tells no time: "never"/],
    [
      'whose time cannot be read stays though it is not in keep',
      { expires: '' },
      { keep: [] },
      'stay',
      /tells no time/,
    ],
    ['whose time is a number alone stays', { expires: '0' }, {}, 'stay', /tells no time/],
  ])('%s', (_, preview, terms, kind, why) => {
    const verdict = decidePruning({ ...PREVIEW, ...preview }, { keep: undefined, now: NOW, ...terms });
    expect(verdict).toEqual({ kind, why: expect.stringMatching(why) });
  });

  test.each([
    ['with another time', { expires: '2026-03-03T12:00:00.000Z' }, true],
    ['that was made anew', { uid: 'v' }, true],
    ['that somebody labelled', { resourceVersion: '2' }, false],
  ])('%s was renewed: %s', (_, now, renewed) => {
    expect(isRenewed(PREVIEW, { ...PREVIEW, ...now })).toBe(renewed);
  });
});
