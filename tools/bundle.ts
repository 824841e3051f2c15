import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { build, type Metafile, type Plugin } from 'esbuild';
import { collectLicences } from './licences.ts';

const MAX_BUNDLE_BYTES = 5 * 1000 * 1000;

export type Bundle = {
  readonly metafile: Metafile;
  readonly files: ReadonlyMap<string, Buffer>;
  /** The names of the files in dist/ that differ from the build. */
  readonly changed: readonly string[];
};

/**
 * Builds src/main.ts → build/ (esbuild: dependencies bundled, unused code left out) → dist/ (ncc). The same sources
 * give the same bytes: the steps run in `root` with fixed relative paths, because ncc's output depends on them.
 * @throws Error when the bundle is larger than MAX_BUNDLE_BYTES
 */
export async function buildBundle(root: string, options: { readonly write: boolean }): Promise<Bundle> {
  const metafile = await prebundle(root);
  const files = await packed(root);
  files.set('licenses.txt', Buffer.from(await collectLicences(metafile, root)));
  const size = [...files].reduce((sum, [name, { length }]) => sum + (name.endsWith('.js') ? length : 0), 0);
  if (size > MAX_BUNDLE_BYTES) throw new Error(`the bundle has ${size} bytes, at most ${MAX_BUNDLE_BYTES} are allowed`);
  const changed = await differences(join(root, 'dist'), files);
  if (options.write && changed.length > 0) await replaceFolder(join(root, 'dist'), files);
  return { metafile, files, changed };
}

async function prebundle(root: string): Promise<Metafile> {
  await rm(join(root, 'build'), { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/main.ts'],
    outdir: 'build',
    entryNames: 'index',
    chunkNames: '[name]',
    // A late import of main.ts becomes a file of its own, which a run with bad inputs never reads.
    splitting: true,
    // Paths in the output stay the same when node_modules is a link.
    preserveSymlinks: true,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    charset: 'utf8',
    // Licences are collected from the metafile, because comments would name only some of them.
    legalComments: 'none',
    banner: {
      js: [
        "import { createRequire as __createRequire } from 'node:module';",
        'const require = __createRequire(import.meta.url);',
        "const __workingFolder = () => globalThis['process'].cwd();",
      ].join('\n'),
    },
    // ncc ships files named by `process.cwd() + …`, and would write the name of this folder into the bundle.
    define: { 'process.cwd': '__workingFolder' },
    plugins: [withoutSideEffects, usedParts],
    metafile: true,
    logLevel: 'warning',
  });
  return metafile;
}

/**
 * Marks the modules of the toolkit (@actions/*) as free of side effects, because their package.json does not. esbuild
 * then leaves out the OpenID client of @actions/core with its HTTP stack, which takes twice as long to load as Node
 * itself.
 */
const withoutSideEffects: Plugin = {
  name: 'toolkit-without-side-effects',
  setup: (esbuild) => {
    esbuild.onResolve({ filter: /./ }, async ({ path, importer, kind, resolveDir, pluginData }) => {
      const ofToolkit = path.startsWith('@actions/') || /node_modules\/@actions\//.test(importer);
      if (!ofToolkit || pluginData === withoutSideEffects.name) return undefined;
      const resolved = await esbuild.resolve(path, { importer, kind, resolveDir, pluginData: withoutSideEffects.name });
      return /node_modules\/@actions\//.test(resolved.path) ? { ...resolved, sideEffects: false } : resolved;
    });
  },
};

/** The modules that `config.js` of the Kubernetes client imports, and the files that replace them. */
const KUBERNETES_PARTS = [
  [/^\.\/gen\/index\.js$/, 'kubernetes-client.js'],
  [/^\.\/(?:azure|exec|file|gcp|oidc)_auth\.js$/, 'kubernetes-authentication.js'],
  [/^js-yaml$/, 'kubernetes-authentication.js'],
] as const;

/**
 * Bundles only the used parts of two libraries. Their index files also load fetch, WebSockets, mocks and the client of
 * every Kubernetes API: more than half of the code of a command, which takes long to load.
 */
const usedParts: Plugin = {
  name: 'used-parts',
  setup: (esbuild) => {
    const parts = join(esbuild.initialOptions.absWorkingDir ?? '', 'tools', 'parts');
    esbuild.onResolve({ filter: /^undici$/ }, () => ({ path: join(parts, 'undici.js') }));
    esbuild.onResolve({ filter: /^\.\/client-h2\.js$/ }, ({ importer }) =>
      /undici\/lib\/dispatcher\//.test(importer) ? { path: join(parts, 'undici-http2.cjs') } : undefined,
    );
    for (const [filter, part] of KUBERNETES_PARTS) {
      esbuild.onResolve({ filter }, ({ importer }) =>
        importer.endsWith('@kubernetes/client-node/dist/config.js') ? { path: join(parts, part) } : undefined,
      );
    }
  },
};

async function packed(root: string): Promise<Map<string, Buffer>> {
  await mkdir(join(root, 'build'), { recursive: true });
  const output = await mkdtemp(join(root, 'build', 'ncc-'));
  try {
    const ncc = join(root, 'node_modules/@vercel/ncc/dist/ncc/cli.js');
    const argv = [ncc, 'build', 'build/index.js', '--out', output, '--no-cache', '--quiet'];
    await promisify(execFile)(process.execPath, argv, { cwd: root });
    return await filesOf(output);
  } finally {
    await rm(output, { recursive: true, force: true });
  }
}

async function differences(folder: string, files: ReadonlyMap<string, Buffer>): Promise<readonly string[]> {
  const present = await filesOf(folder);
  const names = new Set([...present.keys(), ...files.keys()]);
  return [...names].filter((name) => !files.get(name)?.equals(present.get(name) ?? Buffer.of())).sort();
}

async function replaceFolder(folder: string, files: ReadonlyMap<string, Buffer>): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [name, content] of files) await writeFile(join(folder, name), content);
}

async function filesOf(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []); // a missing folder has no files
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  return new Map(await Promise.all(files.map(async (name) => [name, await readFile(join(folder, name))] as const)));
}
