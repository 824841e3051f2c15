import { describe, expect, test } from '@jest/globals';
import { parseRecorded } from '../../../bench/recorded.ts';
import { renderPerformance } from '../../../tools/performance-document.ts';

const figure = { median: 30, from: 20, to: 40, rounds: 3 };
const row = {
  label: 'deploy',
  unit: 'ms',
  ours: figure,
  reference: { label: 'floor', ...figure },
  ratio: 1,
  target: '≤ 2 ×',
  ofAllowed: 0.5,
  isMet: true,
};
const machine = { cores: 2, node: 'v24', load: 0.5 };

function rendered(...rows: readonly object[]): string {
  return renderPerformance(parseRecorded(JSON.stringify({ deploy: { machine, rows } })));
}

describe('the performance document', () => {
  test('has each figure next to its reference, with the releases of both', () => {
    const text = rendered({ ...row, seen: '0 lost', parts: { start: 10, end: 20 } });
    expect(text).toContain(
      '| deploy; 0 lost | 30 ms (20–40, 3 rounds) | floor: 30 ms (20–40, 3 rounds) | 1 | ≤ 2 × | yes |',
    );
    expect(text).toContain('- deploy: start 10 ms, end 20 ms');
    expect(text).toContain('On 2 cores with a load of 0.5');
  });

  test('shows the time of each 10 ms, with short calls combined', () => {
    const slice = { fromMs: 0, toMs: 10, part: 'start' };
    const ran = { 'src/pki': 4.26, undici: 0.3, yaml: 0.3 };
    const text = rendered({ ...row, profile: [{ ...slice, ran, asked: 'get leases, list pods' }] });
    expect(text).toContain('in a run of 10 ms');
    expect(text).toContain('| 0–10 | start | 4.9 | src/pki 4.3, others 0.6 | get leases, list pods |');
  });

  test('says which target is missed, also in the plot', () => {
    const text = rendered({ ...row, ofAllowed: 1.5, isMet: false });
    expect(text).toContain('| **no** |');
    expect(text).toContain('█▶ 150 % of ≤ 2 ×');
  });

  test('has no target for informative figures', () => {
    const { ofAllowed: _, ...known } = row;
    expect(rendered(known, row)).toContain('| – |');
  });

  test.each([
    ['no benchmark', []],
    ['no rows', { deploy: { machine } }],
    ['no figure', { deploy: { machine, rows: [{ ...row, ours: {} }] } }],
    ['a profile without its command', { deploy: { machine, rows: [{ ...row, profile: [{ fromMs: 0, toMs: 10 }] }] } }],
    ['no unit', { deploy: { machine, rows: [{ ...row, unit: undefined }] } }],
  ])('is not rendered with %s', (_, document) => {
    expect(() => parseRecorded(JSON.stringify(document))).toThrow(/expected|holds no/);
  });
});
