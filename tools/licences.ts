import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

const RULE = '-'.repeat(80);

/** Returns the licence texts of all packages with code in the bundle, in alphabetical order. */
export async function collectLicences(metafile: Metafile, root: string): Promise<string> {
  const folders = new Set<string>();
  for (const output of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
      const folder = packageFolder(path);
      if (folder !== undefined && bytesInOutput > 0) folders.add(folder);
    }
  }
  const sections = await Promise.all([...folders].sort().map((folder) => section(join(root, folder))));
  return `Third-party software in this folder\n${sections.join('')}`;
}

/**
 * Returns the folder of a package: `node_modules/a/node_modules/@b/c/lib/x.js` → `node_modules/a/node_modules/@b/c`.
 */
export function packageFolder(path: string): string | undefined {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
}

async function section(folder: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const names = (await readdir(folder))
    .filter((name) => /^(licen[cs]e|notice|copying)(\.\w+|-\w+)?$/i.test(name))
    .sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  const head = `${field(manifest, 'name')} ${field(manifest, 'version')} (${field(manifest, 'license')})`;
  return [`\n${RULE}\n${head}\n${RULE}\n`, ...texts.map((text) => `${text.replaceAll('\r\n', '\n').trim()}\n`)].join(
    '\n',
  );
}

function field(manifest: unknown, name: string): string {
  const value = typeof manifest === 'object' && manifest !== null ? Object.entries(manifest) : [];
  const [, found] = value.find(([key]) => key === name) ?? [];
  return typeof found === 'string' ? found : 'not stated';
}
