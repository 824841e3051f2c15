import { describe, expect, test } from '@jest/globals';
import { describeEnd, describeSafety } from '../../../../src/commands/context/stage.ts';

describe('the safety of a run that was cancelled during the rollout', () => {
  test.each([
    [
      true,
      /^yes\. This is the first deployment, so only one revision runs, but the rollout is not finished\. The lock/,
    ],
    [false, /^yes\. Servers of both revisions work together, but the rollout is not finished\. The lock/],
  ])('names the revisions that run, if it is the first deployment: %s', (isFirst, said) => {
    expect(describeSafety('wait', { command: 'deploy', isFirst, changed: [] })).toMatch(said);
  });
});

describe('the safety of a run that was cancelled before it applied anything', () => {
  test.each([
    [[], 'yes. Nothing was changed.'],
    [['Namespace/messaging'], 'yes. The run created Namespace/messaging and changed nothing else.'],
  ])('counts what it created before: %j', (changed, said) => {
    for (const stage of ['preflight', 'lock'] as const) {
      expect(describeSafety(stage, { command: 'deploy', isFirst: false, changed })).toBe(said);
    }
  });
});

describe('a run that created its namespace and was cancelled before the lock', () => {
  const changed = ['Namespace/messaging'];

  test('says so where it ended', () => {
    expect(describeEnd('preflight', changed)).toBe(
      'The run ended after it created Namespace/messaging and before it changed anything else.',
    );
    expect(describeEnd('preflight', [])).toBe('The run ended before it changed anything.');
  });
});
