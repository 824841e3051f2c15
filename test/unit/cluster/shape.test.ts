import { expect, test } from '@jest/globals';
import { computeStoreBytes, decideShape, isStandalone } from '../../../src/cluster/spec.ts';

test.each([
  [1, true, true],
  [1, false, false],
  [2, true, false],
  [2, false, false],
  [3, true, false],
])('%d servers, with JetStream: %s, run standalone: %s', (replicas, jetstream, standalone) => {
  expect(isStandalone({ shape: decideShape({ replicas, jetstream }) })).toBe(standalone);
});

test.each([
  ['nine tenths of the volume', { memoryBytes: 0, volume: { size: '1000', bytes: 1000 } }, 900],
  ['whole bytes', { memoryBytes: 0, volume: { size: '99', bytes: 99 } }, 89],
  ['nothing without a volume', { memoryBytes: 5 }, 0],
])('streams may use %s', (_, jetstream, bytes) => {
  expect(computeStoreBytes(jetstream)).toBe(bytes);
});
