import { describe, expect, test } from '@jest/globals';
import { describeSafety } from '../../../../src/commands/context/stage.ts';

describe('the safety of a run that was cancelled during the rollout', () => {
  test.each([
    [true, /^yes\. This is the first deployment, so only one revision runs, but the rollout is not finished\. The lock/],
    [false, /^yes\. Servers of both revisions work together, but the rollout is not finished\. The lock/],
  ])('names the revisions that run, if it is the first deployment: %s', (isFirst, said) => {
    expect(describeSafety('wait', { command: 'deploy', isFirst })).toMatch(said);
  });
});
