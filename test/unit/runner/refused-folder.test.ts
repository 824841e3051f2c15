import { mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { hasCode } from '../../../src/errors/action-error.ts';
import { LIST } from '../../../src/runner/output-files.ts';
import { writeOutputFolder } from '../../../src/runner/output-folder.ts';

let root = '';

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'refused-folder-')));
  await mkdir(join(root, 'checkout'));
  await mkdir(join(root, 'temp'));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function put(path: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), '');
}

const write = async (path: string) =>
  await writeOutputFolder({ workspace: join(root, 'checkout'), temporary: join(root, 'temp') }, path, [
    { path: 'templates/service-a.yaml', content: 'a', isSecret: false },
  ]);

/** Returns the message of the refusal; undefined if the folder was written. */
async function refusal(path: string): Promise<string | undefined> {
  const error: unknown = await write(path).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error === undefined || hasCode(error, 'INPUT_INVALID')).toBe(true);
  if (!hasCode(error, 'INPUT_INVALID')) return undefined;
  expect(error.details.violations).toMatchObject([{ input: 'output-directory' }]);
  return error.details.violations[0]?.message;
}

describe('a folder for a rendering', () => {
  test.each([
    ['may be new', 'out'],
    ['may be empty', 'empty'],
    ['may be the workspace itself', '.'],
    ['may be the temporary folder', '../temp/out'],
    ['may be below a link that stays inside', 'inner/out'],
    ['may be a link to the temporary folder itself', 'inner'],
  ])('%s', async (_, path) => {
    if (path !== '.') {
      await mkdir(join(root, 'checkout/empty'));
      await symlink(join(root, 'temp'), join(root, 'checkout/inner'));
    }
    expect(await refusal(path)).toBeUndefined();
  });

  test.each([
    ['is not elsewhere', '../elsewhere', 'inside of the workspace'],
    ['is not the parent of the workspace', '..', 'inside of the workspace'],
    ['is not beside the workspace with the same beginning', '../checkout-2', 'inside of the workspace'],
    ['is not below a link that leads elsewhere', 'leaving/out', 'inside of the workspace'],
    ['is not a link itself', 'linked', 'which is a link'],
    ['is not below a link to a missing target', 'broken/out', 'ENOENT'],
    ['is not a file', 'file', 'cannot be written'],
    ['is not below a file', 'file/out', 'cannot be written'],
  ])('%s', async (_, path, because) => {
    await put('elsewhere/x');
    await put('checkout/file');
    await symlink(join(root, 'elsewhere'), join(root, 'checkout/leaving'));
    await mkdir(join(root, 'temp/folder'));
    await symlink(join(root, 'temp/folder'), join(root, 'checkout/linked'));
    await symlink(join(root, 'nowhere'), join(root, 'checkout/broken'));
    expect(await refusal(path)).toContain(because);
    expect((await readdir(root)).toSorted()).toEqual(['checkout', 'elsewhere', 'temp']);
  });
});

describe('files in the folder that no rendering wrote', () => {
  test.each([
    ['are counted up to three', ['a', 'b', 'c'], '("a", "b", "c")'],
    ['are named up to three', ['a', 'b', 'c', 'd'], '("a", "b", "c", …)'],
  ])('%s', async (_, names, text) => {
    for (const name of names) await put(`checkout/out/${name}`);
    const message = (await refusal('out')) ?? '';
    for (const name of names.slice(0, 3)) expect(text).toContain(name);
    expect(message.includes('…')).toBe(names.length > 3);
    expect(await readdir(join(root, 'checkout/out'))).toHaveLength(names.length);
  });

  test.each([
    ['stay beside a rendering', ['mine.txt'], undefined],
    ['are not replaced', ['templates/service-a.yaml'], 'did not write it'],
    ['are not replaced by a folder', ['templates'], 'is not a folder'],
    ['are not replaced if they are folders', ['templates/service-a.yaml/x'], 'did not write it'],
  ])('%s', async (_, paths, because) => {
    await put(`checkout/out/${LIST}`);
    for (const path of paths) await put(`checkout/out/${path}`);
    const message = await refusal('out');
    if (because === undefined) expect(message).toBeUndefined();
    else expect(message).toContain(because);
  });

  test.each([
    ['a folder', async (path: string) => await mkdir(path, { recursive: true })],
    ['a link', async (path: string) => await symlink('/etc/hostname', path)],
  ])('are no list if that is %s', async (_, make) => {
    await mkdir(join(root, 'checkout/out'));
    await make(join(root, 'checkout/out', LIST));
    expect(await refusal('out')).toContain('remove this file');
  });

  test('keep a listed path that has become a folder', async () => {
    await write('out');
    await rm(join(root, 'checkout/out/templates/service-a.yaml'));
    await put('checkout/out/templates/service-a.yaml/x');
    expect(await refusal('out')).toContain('service-a.yaml');
  });
});
