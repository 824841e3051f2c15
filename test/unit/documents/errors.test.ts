import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { CODE_TEXTS } from '../../../tools/error-texts/codes.ts';
import { REASON_GROUPS } from '../../../tools/error-texts/reasons.ts';
import { idsOf } from '../../support/anchors.ts';

const document = await readFile('docs/errors.md', 'utf8');
const codes = Object.entries(CODE_TEXTS).map(([code, text]) => ({ code, ...text }));
const reasons = REASON_GROUPS.flatMap(({ texts }) =>
  Object.entries(texts).map(([reason, [means, action]]) => ({ reason, means, action })),
);

describe('docs/errors.md', () => {
  test.each(codes)('states the meaning and the next action of $code in sentences', ({ means, action }) => {
    expect(means).toMatch(/^(?:[A-Z`]|nats-server ).*\.$/);
    expect(action).toMatch(/^(?:[A-Z`]|nats-server ).*\.$/);
  });

  test.each(reasons)('states the meaning and the next action of $reason in sentences', ({ means, action }) => {
    expect(means).toMatch(/^(?:[A-Z`]|nats-server ).*\.$/);
    expect(action).toMatch(/^(?:[A-Z`]|nats-server ).*\.$/);
  });

  test('has one anchor for each code and each reason', () => {
    const ids = idsOf(document);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(codes.map(({ code }) => code.toLowerCase())));
    expect(ids.filter((id) => id.startsWith('reason-'))).toHaveLength(reasons.length);
    expect(reasons.length).toBeGreaterThan(150);
  });

  test('groups reasons under codes that exist', () => {
    const named = REASON_GROUPS.flatMap((group) => group.codes);
    expect(named.filter((code) => !(code in CODE_TEXTS))).toEqual([]);
  });
});
