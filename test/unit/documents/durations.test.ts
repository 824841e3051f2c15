import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';

// The durations between markers come from measurements, by `npm run generate`.
const GENERATED = /<!-- ([\w-]+):start -->[\s\S]*?<!-- \1:end -->/g;
const CODE = /^```[\s\S]*?^```$/gm;

test.each(['README.md', 'CONTRIBUTING.md'])(
  '%s states no measured duration that a script did not write',
  async (path) => {
    const written = (await readFile(path, 'utf8')).replaceAll(GENERATED, '').replaceAll(CODE, '');
    expect(written.match(/\b(?:about|takes) \d+.*|\b\d+ minutes?\b/g)).toBeNull();
  },
);
