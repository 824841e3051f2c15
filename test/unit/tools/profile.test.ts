import { expect, test } from '@jest/globals';
import { type CpuProfile, moduleLines, moduleOf, type Profiled, slicesOf } from '../../../bench/profile.ts';

const BUNDLE = ['import a;', '// node_modules/@nats-io/core/lib/a.js', 'a();', '// src/pki/issue.ts', 'b();'].join(
  '\n',
);

const frame = (functionName: string, url = '', lineNumber = 0) => ({ functionName, url, lineNumber });

/**
 * A profile in which our code calls node's crypto for 4 ms, waits for 4 ms, and V8 collects garbage for 2 ms; 5 ms
 * after the start.
 */
const PROFILE: CpuProfile = {
  nodes: [
    { id: 1, callFrame: frame('(root)'), children: [2, 4, 5] },
    { id: 2, callFrame: frame('issue', 'file:///dist/index.js', 4), children: [3] },
    { id: 3, callFrame: frame('sign', 'node:internal/crypto/sig') },
    { id: 4, callFrame: frame('(idle)') },
    { id: 5, callFrame: frame('(garbage collector)') },
  ],
  startTime: 1_005_000,
  endTime: 1_015_000,
  samples: [3, 4, 5, 4],
  timeDeltas: [0, 4000, 4000, 2000],
};

const PROFILED: Profiled = {
  profile: PROFILE,
  startedAt: 1_000_000,
  elapsedMs: 16,
  moduleAt: (url, line) => (url.startsWith('file:') ? moduleLines(BUNDLE)(line) : undefined),
  parts: [
    { activity: 'start', fromMs: 0, toMs: 12 },
    { activity: 'end', fromMs: 12, toMs: 16 },
  ],
  requests: [{ activity: 'get leases', fromMs: 8, toMs: 13 }],
};

test('each sample of 10 ms has the code that ran, the pending request and the part of the run', () => {
  expect(slicesOf(PROFILED, 10)).toEqual([
    {
      fromMs: 0,
      toMs: 10,
      part: 'start',
      ran: { 'node, before it can be profiled': 5, 'src/pki': 4 },
      asked: 'get leases',
    },
    { fromMs: 10, toMs: 16, part: 'end', ran: { 'garbage collection': 2 }, asked: 'get leases' },
  ]);
});

test.each([
  [0, undefined],
  [2, '@nats-io/core'],
  [4, 'src/pki'],
])('line %d of a bundle belongs to %s', (line, module) => {
  expect(moduleLines(BUNDLE)(line)).toBe(module);
});

test('a call outside of the bundle belongs to its part of Node.js', () => {
  const nodes = [{ id: 1, callFrame: frame('onread', 'node:internal/stream_base_commons') }];
  const profile = { ...PROFILE, nodes, samples: [1, 1], timeDeltas: [0, 3000] };
  expect(slicesOf({ ...PROFILED, profile }, 10)[0]?.ran).toMatchObject({ 'node:internal/stream_base_commons': 3 });
});

test.each([
  ['file:///a/src/pki/issue.ts', 'src/pki'],
  ['file:///a/node_modules/node-forge/lib/asn1.js', 'node-forge'],
  ['file:///a/tools/bench/issuance.ts', undefined],
  ['node:internal/crypto/sig', undefined],
])('%s belongs to %s', (url, module) => {
  expect(moduleOf(url)).toBe(module);
});

test('samples before the first part are left out', () => {
  const later = { ...PROFILED, startedAt: 1_009_000, elapsedMs: 6, parts: [], requests: [] };
  expect(slicesOf(later, 10)).toEqual([{ fromMs: 0, toMs: 6, part: '', ran: { 'garbage collection': 2 }, asked: '' }]);
});
