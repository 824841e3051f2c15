import type { Metafile } from 'esbuild';
import { packageFolder } from './licences.ts';

const LONGEST_LIST = 12;

/** Reports the size of the bundle and the packages that make up most of it. */
export function bundleReport(metafile: Metafile, files: ReadonlyMap<string, Buffer>): string {
  const weights = new Map<string, number>();
  for (const output of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
      const owner = packageFolder(path)?.replace(/^.*node_modules\//, '') ?? 'src';
      weights.set(owner, (weights.get(owner) ?? 0) + bytesInOutput);
    }
  }
  const heaviest = [...weights].sort(([, left], [, right]) => right - left).slice(0, LONGEST_LIST);
  const rows = [...[...files].map(([name, content]) => [`dist/${name}`, content.length] as const), ...heaviest];
  return rows.map(([name, bytes]) => `${(bytes / 1000).toFixed(1).padStart(9)} kB  ${name}\n`).join('');
}
