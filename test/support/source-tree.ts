import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const LEFT_OUT = new Set(['node_modules', '.git', 'build']);

/** Runs `body` in a copy of this repository, its packages linked, that is removed afterwards. */
export async function inSourceTree<Result>(body: (root: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'source-tree-'));
  try {
    const root = join(folder, 'repository');
    await mkdir(root);
    await cp(REPOSITORY, root, {
      recursive: true,
      filter: (path) => !LEFT_OUT.has(path.slice(REPOSITORY.length).split('/')[0] ?? ''),
    });
    await linkPackages(join(root, 'node_modules'));
    return await body(root);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Links the packages but copies ncc, because its output depends on the real paths of its loaders, relative to the tree.
 */
async function linkPackages(target: string): Promise<void> {
  const source = join(REPOSITORY, 'node_modules');
  await mkdir(target);
  const names = (await readdir(source)).filter((name) => name !== '@vercel');
  await Promise.all(names.map((name) => symlink(join(source, name), join(target, name))));
  await cp(join(source, '@vercel'), join(target, '@vercel'), { recursive: true });
}
