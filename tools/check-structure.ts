import './node-version.js';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import process from 'node:process';
import { ROOMS } from './structure/rooms.ts';

// Fails if a room (a folder of src) imports a room that stands above it in `ROOMS`, if there are too many files or
// imports, or if a guard of JSON values is declared twice.

const MAX_FILES = 370;
const MAX_IMPORTS = 20;
const MAX_MEAN_IMPORTS = 5.75;

/** The guards of unknown values. Each may be declared in one file only. */
const GUARD = /^(?:export )?(?:function|const) (isRecord|isObject|recordOf|listOf|textOf|member|valueAt)\b/gm;

type File = { readonly path: string; readonly imports: readonly string[]; readonly guards: readonly string[] };

const files = await readFiles('src');
const imports = files.reduce((sum, file) => sum + file.imports.length, 0);
const mean = imports / files.length;
const most = files.toSorted((left, right) => right.imports.length - left.imports.length)[0];
const problems = [
  ...files.flatMap(findUpwardImports),
  ...findUnknownRooms(),
  ...findRepeatedGuards(),
  ...(files.length > MAX_FILES ? [`src has ${files.length} files, expected at most ${MAX_FILES}`] : []),
  ...(mean > MAX_MEAN_IMPORTS
    ? [`a file has ${mean.toFixed(2)} imports on average, expected ${MAX_MEAN_IMPORTS}`]
    : []),
  ...files
    .filter((file) => file.imports.length > MAX_IMPORTS)
    .map((file) => `${file.path} has ${file.imports.length} imports, expected at most ${MAX_IMPORTS}`),
];
for (const problem of problems) process.stdout.write(`${problem}\n`);
process.stdout.write(
  `${files.length} files in ${ROOMS.length} rooms, ${mean.toFixed(2)} imports per file, most ${most?.imports.length} (${most?.path})\n`,
);
process.exitCode = problems.length === 0 ? 0 : 1;

async function readFiles(root: string): Promise<readonly File[]> {
  const names = await readdir(root, { recursive: true });
  const sources = names.filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'));
  return await Promise.all(
    sources.map(async (path) => {
      const text = await readFile(join(root, path), 'utf8');
      const found = [...text.matchAll(/(?:from |import\()'(\.[^']+)'/g)].map(([, to = '']) => {
        return normalize(join(dirname(path), to));
      });
      return { path, imports: [...new Set(found)], guards: [...text.matchAll(GUARD)].map(([, name = '']) => name) };
    }),
  );
}

function findUpwardImports({ path, imports: targets }: File): readonly string[] {
  const floor = floorOf(path);
  return targets
    .filter((target) => dirname(target) !== dirname(path) && floorOf(target) <= floor)
    .map((target) => `src/${path} imports src/${target}, which stands above it (tools/structure/rooms.ts)`);
}

/** Returns the position in `ROOMS`: 0 for the room at the top. */
function floorOf(path: string): number {
  return ROOMS.findIndex((room) => room.path === dirname(path));
}

function findUnknownRooms(): readonly string[] {
  const known = new Set(ROOMS.map(({ path }) => path));
  const used = new Set(files.map(({ path }) => dirname(path)));
  return [
    ...[...used].filter((room) => !known.has(room)).map((room) => `src/${room} is not in tools/structure/rooms.ts`),
    ...[...known].filter((room) => !used.has(room)).map((room) => `src/${room} of tools/structure/rooms.ts is empty`),
  ];
}

function findRepeatedGuards(): readonly string[] {
  const homes = new Map<string, string[]>();
  for (const { path, guards } of files) {
    for (const guard of guards) homes.set(guard, [...(homes.get(guard) ?? []), path]);
  }
  return [...homes]
    .filter(([, paths]) => paths.length > 1)
    .map(([guard, paths]) => `${guard} is declared in ${paths.join(' and ')}, expected one home`);
}
