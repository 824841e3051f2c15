import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { generateCases, KINDS } from './differential/cases.ts';
import type { Case } from './differential/chain.ts';
import { STRICTER } from './differential/stricter.ts';
import { goVerdicts, ownVerdict } from './differential/verdicts.ts';

const SEED = 20_261_130;
const PER_KIND = 20;
const NAMES = ['nats.messaging.svc', 'nats-0.messaging.svc'];

type Judged = { readonly kind: string; readonly go: string; readonly own: string };

let judged: readonly Judged[];

beforeAll(() => {
  const now = new Date(Math.floor(Date.now() / 1000) * 1000);
  const cases: readonly Case[] = generateCases({ seed: SEED, perKind: PER_KIND, names: NAMES, now });
  const go = goVerdicts(cases);
  judged = cases.map((each, index) => ({ kind: each.kind, go: go[index] ?? 'no verdict', own: ownVerdict(each) }));
});

const isOk = (verdict: string): boolean => verdict === 'ok';

describe('generated chains, verified by the action and by Go,', () => {
  test('are at least 400, of which both accept at least 100 and refuse at least 100', () => {
    expect(judged.length).toBeGreaterThanOrEqual(400);
    expect(judged.filter(({ go, own }) => isOk(go) && isOk(own)).length).toBeGreaterThanOrEqual(100);
    expect(judged.filter(({ go, own }) => !isOk(go) && !isOk(own)).length).toBeGreaterThanOrEqual(100);
  });

  test.each(KINDS)('are refused by the action if Go refuses them, with %s', (kind) => {
    const refused = judged.filter((each) => each.kind === kind && !isOk(each.go));
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.filter(({ own }) => isOk(own))).toEqual([]);
  });

  test('are refused by the action alone only for a reason of the table', () => {
    const stricter = judged.filter(({ go, own }) => isOk(go) && !isOk(own));
    const unexplained = stricter.filter(
      ({ own }) => !own.split('; ').every((part) => STRICTER.some(({ verdict }) => verdict.test(part))),
    );
    expect(unexplained).toEqual([]);
  });
});

test('docs/certificates.md lists every check that is stricter than Go', () => {
  const text = readFileSync(new URL('../../../docs/certificates.md', import.meta.url), 'utf8');
  const missing = STRICTER.map(({ refused, because }) => `| ${refused} | ${because} |`).filter(
    (row) => !text.includes(row),
  );
  expect(missing).toEqual([]);
});
