import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { LIST, type OutputFile } from '../../../src/runner/output-files.ts';
import { writeOutputFolder } from '../../../src/runner/output-folder.ts';

let root = '';

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'output-folder-')));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

const file = (path: string, content = path, isSecret = false): OutputFile => ({ path, content, isSecret });

const write = async (files: readonly OutputFile[], path = 'out') =>
  await writeOutputFolder({ workspace: root, temporary: undefined }, path, files);

async function put(path: string, content = 'precious'): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const listAll = async (path = 'out'): Promise<readonly string[]> =>
  (await readdir(join(root, path), { recursive: true })).toSorted();

describe('a rendering', () => {
  test('creates the folder and its parents, and lists its files', async () => {
    const written = await write([file('service-a.yaml'), file('templates/service-b.yaml')], 'a/b/c');
    expect(written).toEqual({ folder: join(root, 'a/b/c'), removed: [], kept: [] });
    expect(await listAll('a/b/c')).toEqual([LIST, 'service-a.yaml', 'templates', 'templates/service-b.yaml']);
    expect(await readFile(join(root, 'a/b/c', LIST), 'utf8')).toBe(
      `${digestOf('service-a.yaml')}  service-a.yaml\n${digestOf('templates/service-b.yaml')}  templates/service-b.yaml\n`,
    );
  });

  test.each([
    ['keeps folder and file from other users if one file is secret', true, 0o700, 0o600],
    ['lets other users read if no file is secret', false, 0o755, 0o644],
  ])('%s', async (_, isSecret, folderMode, fileMode) => {
    await write([file('service-a.yaml'), file('secret-a.yaml', 'x', isSecret), file('service-b.yaml')]);
    const modes = await Promise.all(
      ['', 'secret-a.yaml'].map(async (path) => (await stat(join(root, 'out', path))).mode),
    );
    expect(modes.map((mode) => mode & 0o777)).toEqual([folderMode, fileMode]);
  });

  test('writes a large file whole', async () => {
    await write([file('service-a.yaml', 'x'.repeat(5_000_000))]);
    expect((await stat(join(root, 'out/service-a.yaml'))).size).toBe(5_000_000);
  });

  test('removes the files of the rendering before, and folders that become empty', async () => {
    await write([file('service-a.yaml'), file('service-b.yaml'), file('templates/service-c.yaml')]);
    const { removed, kept } = await write([file('service-a.yaml', 'new')]);
    expect([removed.toSorted(), kept]).toEqual([['service-b.yaml', 'templates/service-c.yaml'], []]);
    expect(await listAll()).toEqual([LIST, 'service-a.yaml']);
    expect(await readFile(join(root, 'out/service-a.yaml'), 'utf8')).toBe('new');
  });

  test('keeps files of the rendering before that were edited, and files of others beside them', async () => {
    await write([file('service-a.yaml'), file('templates/service-b.yaml'), file('templates/service-c.yaml')]);
    await put('out/service-a.yaml', 'edited');
    await put('out/templates/mine.txt');
    const { removed, kept } = await write([file('service-d.yaml')]);
    expect([removed.toSorted(), kept]).toEqual([
      ['templates/service-b.yaml', 'templates/service-c.yaml'],
      ['service-a.yaml'],
    ]);
    expect(await listAll()).toEqual([LIST, 'service-a.yaml', 'service-d.yaml', 'templates', 'templates/mine.txt']);
  });

  test('removes what a killed run was writing, and no other hidden file', async () => {
    await write([file('templates/service-a.yaml')]);
    const temporary = '.nats-cluster-action-0123456789ab.tmp';
    for (const path of [temporary, `templates/${temporary}`, 'templates/.0123456789ab.tmp', '.0123456789a.tmp']) {
      await put(`out/${path}`);
    }
    await mkdir(join(root, 'out/.0123456789ab.tmp'));
    await write([file('templates/service-a.yaml')]);
    expect(await listAll()).toEqual([
      '.0123456789a.tmp',
      '.0123456789ab.tmp',
      LIST,
      'templates',
      'templates/service-a.yaml',
    ]);
  });

  test('completes the work of a run that wrote its list twice, or ended before it wrote a file', async () => {
    await put(
      `out/${LIST}`,
      `${digestOf('old')}  service-a.yaml\n${digestOf('new')}  service-a.yaml\nservice-b.yaml\n`,
    );
    await put('out/service-a.yaml', 'old');
    await put('out/service-b.yaml', 'without a digest');
    const { removed, kept } = await write([file('service-c.yaml')]);
    expect([removed, kept]).toEqual([['service-a.yaml'], ['service-b.yaml']]);
  });
});

describe('a forged list', () => {
  test.each([
    ['names a file of another kind', 'package.json', 'package.json'],
    ['names a file in a linked folder', 'templates/service-a.yaml', 'elsewhere/service-a.yaml'],
  ])('removes nothing if it %s', async (_, path, real) => {
    await put('elsewhere/service-a.yaml');
    await put('out/package.json');
    await symlink(join(root, 'elsewhere'), join(root, 'out/templates'));
    await put(`out/${LIST}`, `${digestOf('precious')}  ${path}\n`);
    expect(await write([file('service-c.yaml')])).toMatchObject({ removed: [], kept: [path] });
    const kept = real.startsWith('elsewhere') ? real : `out/${real}`;
    expect(await readFile(join(root, kept), 'utf8')).toBe('precious');
  });

  test.each([
    ['is removed up to the largest size', 2 ** 26, true],
    ['is kept beyond that size without a look at its content', 2 ** 26 + 1, false],
  ])('names a file that %s', async (_, bytes, isRemoved) => {
    await put('out/service-a.yaml', '');
    await truncate(join(root, 'out/service-a.yaml'), bytes);
    await put(`out/${LIST}`, `${createHash('sha256').update(Buffer.alloc(bytes)).digest('hex')}  service-a.yaml\n`);
    const { removed } = await write([file('service-c.yaml')]);
    expect(removed).toEqual(isRemoved ? ['service-a.yaml'] : []);
  });

  test('removes nothing if it names a link or a folder', async () => {
    await put('elsewhere.yaml');
    await mkdir(join(root, 'out/service-b.yaml'), { recursive: true });
    await symlink(join(root, 'elsewhere.yaml'), join(root, 'out/service-a.yaml'));
    const digest = digestOf('precious');
    await put(`out/${LIST}`, `${digest}  service-a.yaml\n${digest}  service-b.yaml\n${digest}  service-missing.yaml\n`);
    const { removed, kept } = await write([file('service-c.yaml')]);
    expect([removed, kept]).toEqual([[], ['service-a.yaml', 'service-b.yaml']]);
    expect(await readFile(join(root, 'elsewhere.yaml'), 'utf8')).toBe('precious');
  });
});
