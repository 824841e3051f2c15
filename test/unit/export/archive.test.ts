import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { packArchive } from '../../../src/export/archive.ts';

const file = (path: string, content: string, isSecret = false) => ({ path, content, isSecret });

describe('an archive', () => {
  const files = [file('b', 'müller'), file('a', 'x'.repeat(512), true)];

  test('is byte for byte the same for the same files in any order', () => {
    expect(packArchive('nats', files)).toEqual(packArchive('nats', files.toReversed()));
  });

  test('has whole blocks: a header and the content of each file, and two empty blocks', () => {
    const tar = gunzipSync(packArchive('nats', files));
    expect(tar.length).toBe(6 * 512);
    expect(tar.subarray(0, 6).toString()).toBe('nats/a');
    expect(tar.subarray(100, 107).toString()).toBe('0000600');
    expect(tar.subarray(512, 1024).toString()).toBe('x'.repeat(512));
    expect(tar.subarray(1024 + 124, 1024 + 135).toString()).toBe('00000000007');
    expect(tar.subarray(1536, 1543).toString()).toBe('müller');
    expect(tar.subarray(2048).every((byte) => byte === 0)).toBe(true);
  });

  test.each([99, 100, 101, 116, 200])('stores a file name of %s characters', (length) => {
    const path = 'p'.repeat(length - 'nats/'.length);
    const tar = gunzipSync(packArchive('nats', [file(path, 'x')]));
    const record = tar.subarray(512, 1024).toString().replace(/\0+$/, '');
    const isLong = length > 100;
    expect(String.fromCharCode(tar[156] ?? 0)).toBe(isLong ? 'x' : '0');
    expect(record).toBe(isLong ? `${record.length} path=nats/${path}\n` : 'x');
  });
});
