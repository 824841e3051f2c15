import { describe, expect, test } from '@jest/globals';
import { storeSize } from '../../../../src/inputs/rows/jetstream.ts';

describe('the size of a store', () => {
  test.each([
    ['10Gi', 10 * 2 ** 30],
    ['1.5Gi', 1.5 * 2 ** 30],
    ['1e9', 1e9],
    ['1048576', 2 ** 20],
    ['0', 0],
    ['0Gi', 0],
    ['1Mi', 2 ** 20],
    ['1Pi', 2 ** 50],
    ['1024Ti', 2 ** 50],
  ])('%s is %d bytes, and is kept as written', (quantity, bytes) => {
    expect(storeSize.parse(quantity)).toEqual({ kind: 'accepted', value: { quantity, bytes } });
  });

  test.each([
    ['10', '10Gi'],
    ['10GB', '10Gi'],
    ['10 gib', '10Gi'],
    ['500mb', '500Mi'],
    ['2TB', '2Ti'],
    ['-1', undefined],
    ['100m', '100Mi'],
    ['0.5', undefined],
    ['1048575', undefined],
    ['1048576.5', undefined],
    ['1025Ti', undefined],
    ['1125899906842625', undefined],
    ['5pb', undefined],
    ['1p', '1Pi'],
    ['1024 kib', '1024Ki'],
    ['1023 kib', undefined],
    ['999999', '999999Gi'],
    ['9Ei', undefined],
    ['lots', undefined],
    ['1Ki', undefined],
  ])('%s is refused with the suggestion %s', (text, suggestion) => {
    const parsed = storeSize.parse(text);
    expect([parsed.kind, parsed.kind === 'refused' && parsed.suggestion]).toEqual(['refused', suggestion]);
  });
});
