import fc from 'fast-check';
import { block, type ConfValue, list } from '../../src/nats/conf/reader/value.ts';

/** Texts that look like another type without quotes, or need an escape within quotes. */
const TREACHEROUS = [
  'true',
  'off',
  'NULL',
  '3k',
  '-5',
  '1.5',
  '1e5',
  '12-nats-0',
  '2026-01-31T12:00:00Z',
  '127.0.0.1:4222',
  '$HOME',
  '$2a$10$abcdefghijklmnopqrstuv',
  '# no comment',
  '// nor this',
  'include secret.conf',
  '{ a: 1 }',
  '[1, 2]',
  '(\nblock\n)\n',
  'a "quoted" word',
  "it's",
  '\\x41 \\n \\u0041',
  'ünï ä€😀 \u2028\u00a0',
  '\0\t\r\n\u007f\u0085',
  '<&>',
  '__proto__',
  'constructor',
  '',
] as const;

const text = fc.oneof(fc.constantFrom(...TREACHEROUS), fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));

/** Keys have no escapes, so some texts cannot be keys. */
const key = text.filter((each) => !each.includes('\0') && !(each.includes('"') && each.includes("'")));

const scalar: fc.Arbitrary<ConfValue> = fc.oneof(
  text,
  fc.boolean(),
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).filter((each) => !Number.isSafeInteger(Number(each))),
  fc
    .tuple(fc.integer(), fc.nat({ max: 999 }))
    .map(([whole, fraction]) => ({ kind: 'float' as const, text: `${whole}.${fraction}` })),
  fc.constant({ kind: 'date' as const, text: '2026-01-31T12:00:00Z' }),
);

/** Any value that a configuration can hold, except variables. */
export const configurationValue: fc.Arbitrary<ConfValue> = fc.letrec<{ readonly value: ConfValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'configuration' },
    scalar,
    fc.array(tie('value'), { maxLength: 4, depthIdentifier: 'configuration' }).map(list),
    fc.dictionary(key, tie('value'), { maxKeys: 5, depthIdentifier: 'configuration' }).map((entries) => block(entries)),
  ),
})).value;
