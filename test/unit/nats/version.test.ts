import { expect, test } from '@jest/globals';
import { acceptsOtherPoolSizes, isSupported, parseServerVersion } from '../../../src/nats/mesh/version.ts';

test.each([
  ['2.9.25', false, false],
  ['2.10.0', true, false],
  ['2.10.29', true, false],
  ['2.11.1', true, false],
  ['2.11.2', true, true],
  ['2.12.0-RC.1', true, true],
  ['v2.15.2', true, true],
  ['3.0.0', true, true],
  ['1.99.99', false, false],
])('%s: supported %p, accepts other pool sizes %p', (text, supported, accepts) => {
  const version = parseServerVersion(text);
  expect(version && isSupported(version)).toBe(supported);
  expect(version && acceptsOtherPoolSizes(version)).toBe(accepts);
});

test.each(['', '2.10', '2.10.x', '2.10.1.1', ' 2.10.1', '2.10.1\n', '02.10.1', '2.9999999.1', '2.10.1-'])(
  '%p is no version',
  (text) => {
    expect(parseServerVersion(text)).toBeUndefined();
  },
);
