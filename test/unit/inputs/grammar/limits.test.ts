import { describe, expect, test } from '@jest/globals';
import { password } from '../../../../src/inputs/grammar/credential.ts';
import { duration, formatDuration } from '../../../../src/inputs/grammar/duration.ts';
import { clientName, contextName, namespaceName, secretName } from '../../../../src/inputs/grammar/kubernetes-name.ts';
import { integer, parseQuantity, size } from '../../../../src/inputs/grammar/number.ts';
import { resources } from '../../../../src/inputs/grammar/resources.ts';
import type { Grammar } from '../../../../src/inputs/grammar/row.ts';
import { imageReference } from '../../../../src/inputs/rows/cluster.ts';
import { previewNames } from '../../../../src/inputs/rows/preview.ts';
import { renderingRows } from '../../../../src/inputs/rows/rendering.ts';
import { reportRows } from '../../../../src/inputs/rows/report.ts';

const script = reportRows.smokeTest.grammar;
const directory = renderingRows.outputDirectory.grammar;

const lines = (count: number): string => Array.from({ length: count }, (_, index) => `pr-${index}`).join('\n');

type Limit = readonly [rule: string, grammar: Grammar<unknown>, last: string, beyond: string, suggestion?: string];

const LIMITS: readonly Limit[] = [
  ['the smallest integer', integer(-5, 5), '-5', '-6', '-5'],
  ['the largest integer', integer(-5, 5), '+5', '+6', '5'],
  ['the smallest size', size(1024, 2048), '1KB', '1023', '1024'],
  ['the largest size', size(1024, 2048), '2KiB', '2049', '2048'],
  ['the shortest duration', duration('10s', '2m'), '10s', '9s', '10s'],
  ['the longest duration', duration('10s', '2m'), '2m', '121s', '2m'],
  ['a Secret name of 253 characters', secretName, 'a'.repeat(253), 'a'.repeat(254)],
  ['a context of 253 characters', contextName, 'ä'.repeat(253), 'ä'.repeat(254)],
  ['a password of 256 characters', password, '€'.repeat(256), '€'.repeat(257)],
  ['an image of 512 characters', imageReference, 'a'.repeat(512), 'a'.repeat(513), 'a'.repeat(512)],
  ['a script of 65536 bytes', script, 'ä'.repeat(32_768), `${'ä'.repeat(32_768)}x`],
  ['a folder of 1024 characters', directory, 'a'.repeat(1024), 'a'.repeat(1025)],
  ['ten thousand names to keep', previewNames, lines(10_000), lines(10_001)],
  ['a preview name of 1000 characters', previewNames, 'X'.repeat(1000), 'X'.repeat(1001)],
  [
    'a request that equals its limit',
    resources,
    '{requests: {memory: 1Gi}, limits: {memory: 1024Mi}}',
    '{requests: {memory: 1025Mi}, limits: {memory: 1Gi}}',
  ],
];

describe('a limit', () => {
  test.each(LIMITS.map((row) => ({ row, rule: row[0] })))('is included: $rule', ({ row: [, grammar, last] }) => {
    expect(grammar.parse(last).kind).toBe('accepted');
  });

  test.each(LIMITS.map((row) => ({ row, rule: row[0] })))(
    'is not exceeded, and is suggested if it has a text: $rule',
    ({ row: [, grammar, , beyond, suggestion] }) => {
      const parsed = grammar.parse(beyond);
      expect(parsed.kind).toBe('refused');
      expect(parsed.kind === 'refused' ? parsed.suggestion : undefined).toBe(suggestion);
    },
  );
});

const CORRECTIONS: readonly (readonly [rule: string, grammar: Grammar<unknown>, text: string, suggestion?: string])[] =
  [
    ['is corrected up to 253 characters of a Secret name', secretName, 'A'.repeat(253), 'a'.repeat(253)],
    ['is not corrected if a Secret name is longer', secretName, 'A'.repeat(254)],
    ['has no suggestion if only invalid characters are left', namespaceName, '---'],
    ['has no suggestion with a reserved prefix', clientName, 'NATS-cluster-action-x'],
    ['is a fraction that is a whole number, within the limits', integer(1, 9), '12.00', '9'],
    ['is a duration in words of 40 characters', duration('1s', '1d'), `5${' '.repeat(32)}minutes`, '5m'],
    ['is no duration if it is longer than 40 characters', duration('1s', '1d'), `5${' '.repeat(33)}minutes`],
    ['is no duration with an unknown word', duration('1s', '1d'), '5 fortnights'],
    ['is a duration in milliseconds, rounded up', duration('1s', '1d'), '1500ms', '2s'],
    ['is a script with a NUL', reportRows.smokeTest.grammar, 'a\0b'],
  ];

describe('a text that a grammar refuses', () => {
  test.each(CORRECTIONS.map((row) => ({ row, rule: row[0] })))('$rule', ({ row: [, grammar, text, suggestion] }) => {
    const parsed = grammar.parse(text);
    expect(parsed.kind).toBe('refused');
    expect(parsed.kind === 'refused' ? parsed.suggestion : undefined).toBe(suggestion);
  });
});

test.each([
  [0, '0s'],
  [1, '1s'],
  [1000, '1s'],
  [1001, '2s'],
  [60_000, '1m'],
  [61_000, '61s'],
  [5_400_000, '90m'],
  [86_400_000, '1d'],
  [90_000_000, '25h'],
])('a duration of %d ms is written as %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  ['1B', 1],
  ['1kb', 1024],
  ['1 Ki', 1024],
  ['1m', 1_000_000],
  ['1MIB', 2 ** 20],
])('the size %s has %d bytes', (text, bytes) => {
  expect(size(0, 1e9).parse(text)).toEqual({ kind: 'accepted', value: bytes });
});

test.each([
  ['1Ei', 2 ** 60],
  ['2E', 2e18],
  ['1E2', 100],
  ['1e-1', 0.1],
  ['1k', 1000],
  ['1K', undefined],
])('the quantity %s has the value %j', (text, amount) => {
  expect(parseQuantity(text)).toBe(amount);
});

describe('resources', () => {
  test.each([
    ['requests without a limit', '{requests: {cpu: 2}}'],
    ['limits without a request', '{limits: {cpu: 2}}'],
    ['a request below its limit', '{requests: {cpu: 100m}, limits: {cpu: 1}}'],
    ['a request above the limit of another resource', '{requests: {cpu: 2}, limits: {memory: 1}}'],
    ['no requests and no limits', '{}'],
  ])('may have %s', (_, text) => {
    expect(resources.parse(text).kind).toBe('accepted');
  });

  test.each([
    ['a quantity that is a boolean', '{requests: {cpu: true}}', '`requests.cpu`'],
    ['a quantity without a value', '{limits: {cpu: }}', '`limits.cpu`'],
    ['a section without a value', '{limits: }', '`limits`'],
    ['a misspelt section', '{request: {cpu: 1}}', 'did you mean `requests`?'],
    [
      'a request above its limit, after one below it',
      '{requests: {cpu: 1, memory: 2}, limits: {cpu: 1, memory: 1}}',
      '`requests.memory`',
    ],
  ])('must not have %s', (_, text, reason) => {
    expect(resources.parse(text)).toEqual({ kind: 'refused', expected: expect.stringContaining(reason) });
  });

  test('lead to no guess for a key that resembles none', () => {
    const unlike = expect.not.stringContaining('did you mean');
    expect(resources.parse('{everything: {}}')).toEqual({ kind: 'refused', expected: unlike });
  });
});
