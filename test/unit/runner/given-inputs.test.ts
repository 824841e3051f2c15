import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { hasCode } from '../../../src/errors/action-error.ts';
import { readGivenInputs } from '../../../src/runner/given-inputs.ts';

let folder = '';
let hidden: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'given-inputs-'));
  await mkdir(join(folder, 'checkout/deploy'), { recursive: true });
  await mkdir(join(folder, 'temp'));
  hidden = [];
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const read = async (inputs: Readonly<Record<string, string>>) =>
  await readGivenInputs(
    new Map(Object.entries(inputs)),
    { GITHUB_WORKSPACE: join(folder, 'checkout'), RUNNER_TEMP: join(folder, 'temp') },
    ({ text }) => hidden.push(text),
  );

async function refusal(inputs: Readonly<Record<string, string>>) {
  const error: unknown = await read(inputs).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!hasCode(error, 'INPUT_INVALID')) throw error;
  return error.details.violations;
}

describe('an input that is too large for an environment variable', () => {
  test('is read from a file of the workspace: users', async () => {
    const permissions = { publish: { allow: ['a'.repeat(200)] } };
    const users = Array.from({ length: 800 }, (_, index) => ({
      user: `u${index}`,
      password: `canary-${index}`,
      permissions,
    }));
    await writeFile(join(folder, 'checkout/deploy/users.yaml'), JSON.stringify(users));
    const inputs = await read({ users: '{path: deploy/users.yaml}' });
    expect(inputs).toMatchObject({ command: 'deploy', users });
    expect(hidden).toEqual(expect.arrayContaining(['canary-0', 'canary-799']));
  });

  test('is read from a file of the workspace: files next to texts', async () => {
    await writeFile(join(folder, 'checkout/deploy/a.conf'), `secret: "canary-in-file"\n${'# x\n'.repeat(50_000)}`);
    await writeFile(join(folder, 'temp/b.conf'), '');
    const inputs = await read({
      files: `a.conf: {path: deploy/a.conf}\nb.conf: {path: ${join(folder, 'temp/b.conf')}}\npath: "a text: {path: x}"`,
    });
    expect(inputs).toMatchObject({ files: { 'b.conf': '', path: 'a text: {path: x}' } });
    expect(hidden).toContain('canary-in-file');
  });
});

describe('a file that is named in an input', () => {
  test('has at most the size that fits into a Secret', async () => {
    const users = JSON.stringify([{ user: 'u', password: 'canary-0' }]);
    await writeFile(join(folder, 'checkout/users'), users.padEnd(1_048_576));
    expect(await read({ users: '{path: users}' })).toMatchObject({ command: 'deploy' });
    await writeFile(join(folder, 'checkout/users'), users.padEnd(1_048_577));
    expect(await refusal({ users: '{path: users}' })).toMatchObject([
      { input: 'users', message: expect.stringContaining('1048576 bytes') },
    ]);
  });

  test('is named with its entry, and each file that cannot be read is reported', async () => {
    const violations = await refusal({ files: 'a.conf: {path: x}\nb.conf: {path: y}', users: '{path: z}' });
    expect(violations.map(({ message }) => /`(\w\.conf)`/.exec(message)?.[1] ?? '').toSorted()).toEqual([
      '',
      'a.conf',
      'b.conf',
    ]);
  });

  test('may be empty unless it is the list of users', async () => {
    await writeFile(join(folder, 'checkout/empty'), ' \n');
    expect(await read({ files: 'a.conf: {path: empty}' })).toMatchObject({ files: { 'a.conf': ' \n' } });
    expect(await refusal({ users: '{path: empty}' })).toMatchObject([{ input: 'users' }]);
  });
});

test.each([
  ['../outside.yaml', 'lies outside of the workspace'],
  ['/etc/hostname', 'lies outside of the workspace'],
  ['link.yaml', 'lies outside of the workspace'],
  ['nowhere.yaml', 'cannot be read (ENOENT)'],
  ['deploy', 'is not a file'],
  ['empty.yaml', 'is empty'],
  ['binary.yaml', 'is not UTF-8 text'],
  ['large.yaml', 'is not a file of at most 1048576 bytes'],
])('an invalid path to an input is refused, and the input is named: %s', async (path, because) => {
  await writeFile(join(folder, 'outside.yaml'), '[{user: canary, password: canary}]');
  await symlink(join(folder, 'outside.yaml'), join(folder, 'checkout/link.yaml'));
  await writeFile(join(folder, 'checkout/empty.yaml'), '\n');
  await writeFile(join(folder, 'checkout/binary.yaml'), Buffer.from([0xff, 0xfe]));
  await writeFile(join(folder, 'checkout/large.yaml'), ' '.repeat(1_048_577));
  const [violation] = await refusal({ users: `{path: ${path}}` });
  expect(violation).toMatchObject({ input: 'users', message: expect.stringContaining(because) });
  expect(violation?.message).not.toContain('canary');
});

test.each([
  ['an invalid list of users', { users: '{path: users.yaml}' }, 'users'],
  ['a path that is not a text', { files: 'a.conf: {path: 3}' }, 'files'],
  ['a path with other keys', { files: 'a.conf: {path: users.yaml, mode: 3}' }, 'files'],
  ['files for a command that does not use them', { command: 'verify', files: 'a.conf: {path: nowhere}' }, 'files'],
])('an input from a file is checked like others: %s', async (_, inputs, input) => {
  await writeFile(join(folder, 'checkout/users.yaml'), '[{user: a, pasword: canary}]');
  expect(await refusal(inputs)).toMatchObject([{ input }]);
});
