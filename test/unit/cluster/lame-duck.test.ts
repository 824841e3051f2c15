import { expect, test } from '@jest/globals';
import {
  LAME_DUCK_DURATION_SECONDS,
  LAME_DUCK_GRACE_SECONDS,
  TERMINATION_GRACE_SECONDS,
} from '../../../src/cluster/spec.ts';

test('a leaving server has its whole lame duck, which is no shorter than nats-server accepts, and 20 s more', () => {
  expect(LAME_DUCK_DURATION_SECONDS).toBeGreaterThanOrEqual(30);
  expect(LAME_DUCK_GRACE_SECONDS).toBeLessThan(LAME_DUCK_DURATION_SECONDS);
  expect(TERMINATION_GRACE_SECONDS).toBeGreaterThanOrEqual(LAME_DUCK_DURATION_SECONDS + 20);
});
