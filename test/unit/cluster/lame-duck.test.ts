import { expect, test } from '@jest/globals';
import {
  LAME_DUCK_DURATION_SECONDS,
  LAME_DUCK_GRACE_SECONDS,
  TERMINATION_GRACE_SECONDS,
} from '../../../src/cluster/spec.ts';

test('the termination grace period covers the lame duck mode and 20 s more, and the mode lasts the 30 s that nats-server requires', () => {
  expect(LAME_DUCK_DURATION_SECONDS).toBeGreaterThanOrEqual(30);
  expect(LAME_DUCK_GRACE_SECONDS).toBeLessThan(LAME_DUCK_DURATION_SECONDS);
  expect(TERMINATION_GRACE_SECONDS).toBeGreaterThanOrEqual(LAME_DUCK_DURATION_SECONDS + 20);
});
