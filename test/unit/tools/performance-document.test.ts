import { describe, expect, test } from '@jest/globals';
import { parseRecorded } from '../../../tools/bench/recorded.ts';
import { renderPerformance } from '../../../tools/performance-document.ts';

const figure = { median: 30, from: 20, to: 40, rounds: 3 };
const row = {
  what: 'deploy',
  unit: 'ms',
  ours: figure,
  reference: { what: 'floor', ...figure },
  ratio: 1,
  target: '≤ 2 ×',
  ofAllowed: 0.5,
  isMet: true,
};
const machine = { cores: 2, node: 'v24', load: 0.5 };

function rendered(...rows: readonly object[]): string {
  return renderPerformance(parseRecorded(JSON.stringify({ deploy: { machine, rows } })));
}

describe('the document of what was measured', () => {
  test('has each figure beside its reference, with what both are made of', () => {
    const text = rendered({ ...row, seen: '0 lost', parts: { start: 10, end: 20 } });
    expect(text).toContain(
      '| deploy; 0 lost | 30 ms (20–40, 3 rounds) | floor: 30 ms (20–40, 3 rounds) | 1 | ≤ 2 × | yes |',
    );
    expect(text).toContain('- deploy: start 10 ms, end 20 ms');
    expect(text).toContain('On 2 cores with a load of 0.5');
  });

  test('says which target is not met, in the plot too', () => {
    const text = rendered({ ...row, ofAllowed: 1.5, isMet: false });
    expect(text).toContain('| **no** |');
    expect(text).toContain('█▶ 150 % of ≤ 2 ×');
  });

  test('holds against nothing what is only to be known', () => {
    const { ofAllowed: _, ...known } = row;
    expect(rendered(known, row)).toContain('| – |');
  });

  test.each([
    ['no bench', []],
    ['no rows', { deploy: { machine } }],
    ['no figure', { deploy: { machine, rows: [{ ...row, ours: {} }] } }],
    ['no unit', { deploy: { machine, rows: [{ ...row, unit: undefined }] } }],
  ])('is not made of %s', (_, document) => {
    expect(() => parseRecorded(JSON.stringify(document))).toThrow(/expected|holds no/);
  });
});
