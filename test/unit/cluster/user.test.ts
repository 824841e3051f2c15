import { expect, test } from '@jest/globals';
import { isGenerationOf, LONGEST_CLIENT_USER } from '../../../src/cluster/user.ts';

test.each([
  ['app', true],
  ['app-2', true],
  ['app-10', true],
  ['app-', false],
  ['app-x', false],
  ['app-2x', false],
  ['app-2-3', false],
  ['app2', false],
  ['zzzz2', false],
  ['ap', false],
  ['', false],
])('%j is the user app or its successor in a rotation: %s', (user, isSuccessor) => {
  expect(isGenerationOf(user, 'app')).toBe(isSuccessor);
});

test('the longest user still fits into a common name of 64 characters after 999999 rotations', () => {
  expect(`${'a'.repeat(LONGEST_CLIENT_USER)}-999999`).toHaveLength(64);
});
