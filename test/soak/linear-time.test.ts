import { expect, test } from '@jest/globals';
import { slowTexts } from '../support/processor-time.ts';
import { doors } from '../support/text-doors.ts';

test.each(doors)('a text of 1 MiB takes at most 1 s: $name', (door) => {
  expect(slowTexts(door, 1024 * 1024, 1000)).toEqual([]);
});
