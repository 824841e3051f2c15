import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hasCode } from '../../../src/errors/action-error.ts';
import { parseConfiguration } from '../../../src/nats/conf/reader/parse.ts';
import { block, type ConfBlock } from '../../../src/nats/conf/reader/value.ts';
import { renderConfiguration } from '../../../src/nats/conf/writer/write.ts';
import { checkWithServer, withUses } from '../../support/configuration-check.ts';
import { configurationDigest } from '../../support/configuration-digest.ts';
import { configurationValue } from '../../support/configuration-tree.ts';
import { bad, type CorpusRow, good, strict } from './configuration-corpus.ts';

/** The beginning of the messages with which nats-server refuses to read a configuration. */
const UNREADABLE = /Parse error on line|config is invalid|variable reference|include file|integer '|expected Zulu/;

function parsed({ text, files = {} }: CorpusRow): ConfBlock {
  const surroundings = { files: new Map(Object.entries(files)), environment: new Set<string>() };
  return parseConfiguration({ input: 'config', file: 'nats.conf', text }, surroundings);
}

function isRefused(row: CorpusRow): boolean {
  try {
    parsed(row);
    return false;
  } catch (error) {
    return hasCode(error, 'INPUT_INVALID');
  }
}

test('the corpus holds at least 60 configurations', () => {
  expect(good.length + bad.length).toBeGreaterThanOrEqual(60);
});

// 2.12 is the last release with the older lexer. The digest covers everything that was read only from 2.12 on.
describe.each(['2.10.29', '2.12.15', '2.15.2'] as const)('the parser, compared to nats-server %s,', (version) => {
  test.each(good)('reads the same: $name', async (row) => {
    const used = { ...row, text: withUses(row.text, row.uses ?? []) };
    const { accepted, digest, output } = await checkWithServer(version, used);
    expect(accepted ? '' : output).toBe('');
    const tree = parsed(used);
    const rendered = withUses(renderConfiguration(parsed(row)), row.uses ?? []);
    const again = await checkWithServer(version, { text: rendered });
    expect(again.accepted ? '' : again.output).toBe('');
    expect([digest, again.digest]).toEqual(
      version === '2.10.29' ? [undefined, undefined] : Array(2).fill(configurationDigest(tree)),
    );
  });

  test.each(bad)('refuses as well: $name', async (row) => {
    const { accepted, output } = await checkWithServer(version, row);
    expect({ accepted, output }).toMatchObject({ accepted: false, output: expect.stringMatching(UNREADABLE) });
    expect(isRefused(row)).toBe(true);
  });

  test.each(strict)('refuses text that nats-server silently drops: $name', async (row) => {
    const { output } = await checkWithServer(version, { ...row, text: withUses(row.text, row.uses ?? []) });
    expect(output).not.toMatch(UNREADABLE);
    expect(isRefused(row)).toBe(true);
  });
});

test.each(['2.12.15', '2.15.2'] as const)(
  'nats-server %s reads every rendered tree back unchanged',
  async (version) => {
    await fc.assert(
      fc.asyncProperty(fc.array(configurationValue, { minLength: 20, maxLength: 40 }), async (values) => {
        const keys = values.map((_, index) => `x${index}`);
        const tree = block(Object.fromEntries(values.map((value, index) => [`x${index}`, value])));
        const { accepted, digest, output } = await checkWithServer(version, {
          text: withUses(renderConfiguration(tree), keys),
        });
        expect(accepted ? '' : output).toBe('');
        expect(digest).toBe(configurationDigest(block({ ...tree.entries, debug: false })));
      }),
      { numRuns: 25, endOnFailure: true },
    );
  },
);

test('the parser refuses every random text that nats-server refuses, and reads the others the same', async () => {
  const piece = fc.constantFrom(
    ...'{}[]()"\'\\#/:=,; \n$-.01kxa'.split(''),
    '//',
    '$a',
    '\n)\n',
    'a: 1\n',
    'b: "c"\n',
    'l: [1 ]\n',
    '\\x41',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 12 }), async (pieces) => {
      const text = withUses(`x {\n a: 1\n${pieces.join('')}\n}\n`, ['x']);
      const { accepted, digest, output } = await checkWithServer('2.15.2', { text });
      const refused = isRefused({ name: '', text });
      if (UNREADABLE.test(output)) expect(refused).toBe(true);
      if (accepted && !refused) expect(digest).toBe(configurationDigest(parsed({ name: '', text })));
    }),
    { numRuns: 100 },
  );
});

test('only nats-server 2.14 and newer read a size with a trailing digit as text', async () => {
  const text = 'x: 1k5\ndebug: $x\ndebug: false\n';
  expect((await checkWithServer('2.12.15', { text })).accepted).toBe(false);
  expect((await checkWithServer('2.14.9', { text })).digest).toBe(configurationDigest(parsed({ name: '', text })));
});
