import { expect, test } from '@jest/globals';
import { INPUT_RULES } from '../../../src/change/input-change.ts';
import { CHANGES, RELEASE } from '../../laws/rows.ts';

test('the laws change every input that a deployment stores', () => {
  const changed = new Set([...CHANGES, RELEASE].flatMap(({ inputs }) => Object.keys(inputs)));
  expect(Object.keys(INPUT_RULES).filter((input) => !changed.has(input))).toEqual([]);
});
