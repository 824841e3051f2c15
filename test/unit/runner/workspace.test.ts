import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { buildRunUrl, locatePath, readInputs, readTextFile, readWorkspace } from '../../../src/runner/workspace.ts';

let root = '';

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'workspace-')));
  await mkdir(join(root, 'checkout/folder'), { recursive: true });
  await mkdir(join(root, 'temp'));
  await writeFile(join(root, 'checkout/file'), 'abc');
  await symlink('file', join(root, 'checkout/link'));
  await symlink('nowhere', join(root, 'checkout/broken'));
  await symlink('loop', join(root, 'checkout/loop'));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

const folders = (temporary: string | undefined = join(root, 'temp')) => ({
  workspace: join(root, 'checkout'),
  temporary,
});

describe('a text file of the workspace', () => {
  test.each<[string, string, number, object]>([
    ['is read up to the limit', 'file', 3, { kind: 'text', text: 'abc' }],
    ['is refused beyond the limit', 'file', 2, { kind: 'refused', because: expect.stringContaining('2 bytes') }],
    ['may be a link to a file of the workspace', 'link', 3, { kind: 'text', text: 'abc' }],
    ['may not be a folder', 'folder', 3, { kind: 'refused', because: expect.stringContaining('not a file') }],
    ['may not be a pipe or a device', '/dev/null', 3, { kind: 'refused', because: expect.stringContaining('outside') }],
    ['may not be missing', 'missing', 3, { kind: 'refused', because: expect.stringContaining('ENOENT') }],
    [
      'may not be a link to a missing file',
      'broken',
      3,
      { kind: 'refused', because: expect.stringContaining('ENOENT') },
    ],
    ['may not be a link to itself', 'loop', 3, { kind: 'refused', because: expect.stringContaining('ELOOP') }],
    ['may not be below a file', 'file/x', 3, { kind: 'refused', because: expect.stringContaining('(E') }],
    [
      'may not have a name with NUL',
      'a\0b',
      3,
      { kind: 'refused', because: expect.stringContaining('cannot be read') },
    ],
  ])('%s', async (_, path, mostBytes, result) => {
    expect(await readTextFile(folders(), path, mostBytes)).toEqual(result);
  });
});

describe('a path is inside', () => {
  test.each<[string, string, 'inside' | 'outside']>([
    ['at the workspace itself', '.', 'inside'],
    ['below missing folders', 'a/b/c', 'inside'],
    ['below a name that begins with dots', '..a/b', 'inside'],
    ['below the temporary folder', '../temp/a', 'inside'],
    ['not at the parent', '..', 'outside'],
    ['not beside the workspace', '../checkout-2', 'outside'],
    ['not at the root of the file system', '/', 'outside'],
    ['not below a missing folder of the root', '/missing-folder/x', 'outside'],
  ])('%s: %s', async (_, path, kind) => {
    expect((await locatePath(folders(), path, { follows: false })).kind).toBe(kind);
  });

  test('only if the runner has a temporary folder, below that', async () => {
    const workspace = { workspace: join(root, 'checkout'), temporary: undefined };
    expect((await locatePath(workspace, '../temp/a', { follows: false })).kind).toBe('outside');
  });

  test.each([
    ['a link only if links are followed', 'link', false, 'link'],
    ['a link if links are followed', 'link', true, 'inside'],
    ['a file without a link', 'file', false, 'inside'],
  ])('%s', async (_, path, follows, kind) => {
    expect((await locatePath(folders(), path, { follows })).kind).toBe(kind);
  });
});

test.each([
  ['that the runner names', { GITHUB_WORKSPACE: '/w', RUNNER_TEMP: '/t' }, { workspace: '/w', temporary: '/t' }],
  ['of the process outside of GitHub', {}, { workspace: process.cwd(), temporary: undefined }],
  [
    'of the process if the variables are empty',
    { GITHUB_WORKSPACE: '', RUNNER_TEMP: '' },
    { workspace: process.cwd(), temporary: undefined },
  ],
])('the workspace consists of the folders %s', (_, environment, workspace) => {
  expect(readWorkspace(environment)).toEqual(workspace);
});

const RUN = { GITHUB_SERVER_URL: 'https://g', GITHUB_REPOSITORY: 'a/b', GITHUB_RUN_ID: '7' };

test.each<[string, Readonly<Record<string, string>>, string | undefined]>([
  ['is known without an attempt', RUN, 'https://g/a/b/actions/runs/7'],
  ['is unknown without a server', { ...RUN, GITHUB_SERVER_URL: '' }, undefined],
  ['is unknown without a repository', { ...RUN, GITHUB_REPOSITORY: '' }, undefined],
  ['is unknown without an id', { ...RUN, GITHUB_RUN_ID: '' }, undefined],
])('the URL of a run %s', (_, environment, url) => {
  expect(buildRunUrl(environment)).toBe(url);
});

test('an input that is not set is absent', () => {
  expect([...readInputs({ INPUT_A: undefined, INPUT_B: 'b' })]).toEqual([['b', 'b']]);
});
