import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { writeOutputFolder } from '../../src/runner/output-folder.ts';
import { runAction } from '../support/action.ts';
import { canaries, expectFailure, expectNoSecret } from '../support/failure.ts';

const run = promisify(execFile);
const LIST = '.nats-cluster-action-files';

let workspace = '';
beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'rendered-'));
});
afterEach(async () => {
  await rm(workspace, { recursive: true, force: true });
});

const render = async (inputs: Readonly<Record<string, string>> = {}) =>
  await runAction({
    inputs: { command: 'render', 'output-directory': 'deploy/nats', ...canaries, ...inputs },
    // A rendering must not read either of them.
    env: { GITHUB_WORKSPACE: workspace, KUBECONFIG: '/nowhere', KUBERNETES_SERVICE_HOST: '127.0.0.1' },
  });
const folder = (...path: readonly string[]) => join(workspace, 'deploy/nats', ...path);
const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
const contents = async (): Promise<Readonly<Record<string, string>>> => {
  const entries = await readdir(folder(), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(
    await Promise.all(files.sort().map(async (file) => [file, await readFile(file, 'base64')] as const)),
  );
};

describe('the built action with command render', () => {
  test.each(['manifests', 'kustomize', 'helm'])(
    'writes %s without a Kubernetes cluster, and the same bytes the second time',
    async (format) => {
      const first = await render({ 'render-format': format });
      expect(first).toMatchObject({ exitCode: 0, outputs: { result: 'rendered', changed: 'false' } });
      const written = await contents();
      const listed: unknown = JSON.parse(first.outputs['files'] ?? '');
      expect(Object.keys(written)).toHaveLength((Array.isArray(listed) ? listed.length : 0) + 1);
      for (const line of ['needed: Secret nats-config (nats.conf)', 'wrote: README.md']) {
        expect(first.stdout).toContain(line);
      }
      expect(first.summary).toContain('Also needed');
      await render({ 'render-format': format });
      expect(await contents()).toEqual(written);
      expectNoSecret(first, Object.values(canaries));
      expect(
        Object.values(written)
          .map((text) => Buffer.from(text, 'base64').toString())
          .join(''),
      ).not.toMatch(/canary|PRIVATE/);
    },
  );

  test('writes Secrets with mode 0600, warns about them, and shows none', async () => {
    const result = await render({ 'render-format': 'helm', allow: 'rendered-secrets' });
    expect(result.exitCode).toBe(0);
    expectNoSecret(result, Object.values(canaries));
    expect(result.stdout).toContain('::warning title=rendered-secrets::');
    expect(await modeOf(folder())).toBe('700');
    expect(await modeOf(folder('nats.tgz'))).toBe('600');
    expect(await modeOf(folder('templates/secret-nats-config.yaml'))).toBe('600');
    expect(await modeOf(folder('templates/service-nats.yaml'))).toBe('644');
    const ignored = await readFile(folder('.gitignore'), 'utf8');
    await run('git', ['init', '--quiet', workspace]);
    await run('git', ['-C', workspace, 'add', '--all']);
    const { stdout } = await run('git', ['-C', workspace, 'ls-files']);
    expect(stdout).toContain('deploy/nats/templates/service-nats.yaml');
    expect(stdout).not.toMatch(/secret-|tgz/);
    expect(ignored).toContain('/templates/secret-nats-config.yaml\n');
  });

  test('removes the files of an earlier rendering, and no other file', async () => {
    await render({ replicas: '5', allow: 'rendered-secrets' });
    await writeFile(folder('own.yaml'), 'own');
    const again = await render({ replicas: '3' });
    expect(again.stdout).toContain('removed: service-nats-4.yaml, which an earlier rendering wrote');
    const names = await readdir(folder());
    expect(names).toContain('own.yaml');
    expect(names.filter((name) => /secret-|nats-[34]|\.gitignore|\.tmp$/.test(name))).toEqual([]);
    const helm = await render({ 'render-format': 'helm' });
    expect(helm.exitCode).toBe(0);
    expect(await readdir(folder())).not.toContain('statefulset-nats.yaml');
    await render();
    expect(await readdir(folder())).not.toContain('templates');
  });

  test('writes a chart archive that tar unpacks to the unpackaged chart', async () => {
    await render({ 'render-format': 'helm', name: 'n'.repeat(50) });
    const unpacked = join(workspace, 'unpacked');
    await mkdir(unpacked);
    await run('tar', ['--extract', '--file', folder(`${'n'.repeat(50)}.tgz`), '--directory', unpacked]);
    await rm(folder(LIST));
    await rm(folder(`${'n'.repeat(50)}.tgz`));
    await run('diff', ['--recursive', folder(), join(unpacked, 'n'.repeat(50))]);
  });

  test.each([
    [
      'with files that the action did not write',
      async () => await writeFile(folder('notes.txt'), 'mine'),
      'did not write ("notes.txt")',
    ],
    [
      'that is a file',
      async () => {
        await rm(folder(), { recursive: true });
        await writeFile(folder(), 'mine');
      },
      '(EEXIST), expected a folder that this user may write',
    ],
  ])('refuses a folder %s, and leaves it unchanged', async (_, prepare, message) => {
    await mkdir(folder(), { recursive: true });
    await prepare();
    const before = await run('find', [workspace, '-type', 'f', '-printf', '%p %s %m\n']);
    const { title, text } = expectFailure(await render());
    expect(title).toBe('INPUT_INVALID');
    expect(text).toContain(message);
    expect(text).toContain('output-directory: ');
    expect((await run('find', [workspace, '-type', 'f', '-printf', '%p %s %m\n'])).stdout).toBe(before.stdout);
  });

  test('refuses inputs that need a Kubernetes cluster before it writes a file', async () => {
    const { stdout, exitCode } = await render({
      kubeconfig: 'kube.yaml',
      'smoke-test': 'true',
      'output-directory': '',
    });
    expect(exitCode).toBe(1);
    for (const line of ['# remove `kubeconfig`', '# remove `smoke-test`', 'output-directory: deploy/nats']) {
      expect(stdout).toContain(line);
    }
    expect(await readdir(workspace)).toEqual([]);
  });
});

describe('an output folder', () => {
  const file = (path: string, content = 'new', isSecret = false) => ({ path, content, isSecret });
  const write = async (path: string, ...files: readonly ReturnType<typeof file>[]) =>
    await writeOutputFolder({ workspace, temporary: undefined }, path, files);
  const digest = (text: string) => createHash('sha256').update(text).digest('hex');
  let elsewhere = '';
  beforeEach(async () => {
    elsewhere = await mkdtemp(join(tmpdir(), 'elsewhere-'));
  });
  afterEach(async () => {
    await rm(elsewhere, { recursive: true, force: true });
  });

  test('refuses to overwrite a file that it did not write, and names the file', async () => {
    await write('.', file('a.yaml'));
    await writeFile(join(workspace, 'b.yaml'), 'mine');
    await expect(write('.', file('a.yaml', 'newer'), file('b.yaml'))).rejects.toThrow('b.yaml');
    expect(await readFile(join(workspace, 'a.yaml'), 'utf8')).toBe('new');
    expect(await readFile(join(workspace, 'b.yaml'), 'utf8')).toBe('mine');
  });

  test('replaces a link without a change of its target, and writes through no link', async () => {
    await writeFile(join(elsewhere, 'target'), 'mine');
    await write('.', file('a.yaml'));
    await rm(join(workspace, 'a.yaml'));
    await symlink(join(elsewhere, 'target'), join(workspace, 'a.yaml'));
    await write('.', file('a.yaml'));
    expect(await readFile(join(elsewhere, 'target'), 'utf8')).toBe('mine');
    await symlink(elsewhere, join(workspace, 'templates'));
    await expect(write('.', file('templates/a.yaml'))).rejects.toThrow('is not a folder');
    expect(await readdir(elsewhere)).toEqual(['target']);
  });

  test('refuses a list of files that leads out of the folder', async () => {
    const outside = join(workspace, 'outside');
    const old = digest('old');
    await writeFile(outside, 'old');
    await mkdir(join(workspace, 'inside'));
    const paths = ['../outside', outside, '..', '.', 'a/../../outside', 'service-old.yaml'];
    await writeFile(join(workspace, 'inside', LIST), paths.map((path) => `${old}  ${path}\n`).join(''));
    await writeFile(join(workspace, 'inside/service-old.yaml'), 'old');
    expect(await write('inside', file('a.yaml'))).toMatchObject({ removed: ['service-old.yaml'], kept: [] });
    expect(await readFile(outside, 'utf8')).toBe('old');
    expect((await readdir(join(workspace, 'inside'))).toSorted()).toEqual([LIST, 'a.yaml']);
  });

  test.each([
    ['through a link', 'templates/service-a.yaml', async () => await symlink(elsewhere, join(workspace, 'templates'))],
    [
      'that is a link',
      'service-b.yaml',
      async () => await symlink(join(elsewhere, 'service-a.yaml'), join(workspace, 'service-b.yaml')),
    ],
    [
      'that was edited since',
      'service-b.yaml',
      async () => await writeFile(join(workspace, 'service-b.yaml'), 'edited'),
    ],
    [
      'with a name that no rendering uses',
      'package.json',
      async () => await writeFile(join(workspace, 'package.json'), 'mine'),
    ],
  ])('keeps and reports a file %s that a list from the checkout names', async (_, path, plant) => {
    await writeFile(join(elsewhere, 'service-a.yaml'), 'mine');
    await plant();
    await writeFile(join(workspace, LIST), `${digest('mine')}  ${path}\n`);
    const before = await run('find', [workspace, elsewhere, '-not', '-name', '*.yaml', '-o', '-printf', '%p %s %l\n']);
    expect(await write('.', file('service-c.yaml'))).toMatchObject({ removed: [], kept: [path] });
    await rm(join(workspace, 'service-c.yaml'));
    const after = await run('find', [workspace, elsewhere, '-not', '-name', '*.yaml', '-o', '-printf', '%p %s %l\n']);
    expect(after.stdout).toBe(before.stdout);
  });

  test('is completed by the next run after a run that was killed half-way', async () => {
    const names = ['service-a.yaml', 'service-b.yaml', 'service-c.yaml'];
    await writeFile(join(workspace, LIST), names.map((name) => `${digest('new')}  ${name}\n`).join(''));
    await writeFile(join(workspace, 'service-b.yaml'), 'half');
    await mkdir(join(workspace, 'templates'));
    const left = [
      '.0123456789ab.tmp',
      '.nats-cluster-action-0123456789ab.tmp',
      'templates/.nats-cluster-action-0123456789ab.tmp',
    ];
    await Promise.all(left.map(async (name) => await writeFile(join(workspace, name), 'BEGIN PRIVATE KEY')));
    await write('.', file('service-a.yaml'), file('templates/service-b.yaml'), file('service-b.yaml'));
    expect((await readdir(workspace, { recursive: true })).toSorted()).toEqual([
      LIST,
      'service-a.yaml',
      'service-b.yaml',
      'templates',
      'templates/service-b.yaml',
    ]);
    expect(await readFile(join(workspace, 'service-b.yaml'), 'utf8')).toBe('new');
  });

  test.each([
    ['/proc/nats', 'expected a folder inside of the workspace'],
    ['../elsewhere', 'expected a folder inside of the workspace'],
    ['link', 'expected a folder inside of the workspace'],
    ['link/nats', 'expected a folder inside of the workspace'],
    ['inner', 'which is a link, expected the folder itself'],
    ['dangling/nats', 'cannot be written (ENOENT)'],
  ])('is refused outside of the workspace before anything is written: %s', async (path, message) => {
    await mkdir(join(workspace, 'folder'));
    await symlink(elsewhere, join(workspace, 'link'));
    await symlink(join(workspace, 'folder'), join(workspace, 'inner'));
    await symlink(join(workspace, 'nowhere'), join(workspace, 'dangling'));
    await expect(write(path, file('a.yaml'))).rejects.toThrow(message);
    expect(await readdir(elsewhere)).toEqual([]);
    expect((await readdir(workspace)).toSorted()).toEqual(['dangling', 'folder', 'inner', 'link']);
  });

  test('is accepted below a link that stays in the workspace, and in RUNNER_TEMP', async () => {
    await mkdir(join(workspace, 'deploy'));
    await symlink('deploy', join(workspace, 'link'));
    expect((await write('link/nats', file('a.yaml'))).folder).toBe(join(workspace, 'deploy/nats'));
    const places = { workspace, temporary: elsewhere };
    const { folder: written } = await writeOutputFolder(places, join(elsewhere, 'nats'), [file('a.yaml')]);
    expect(await readdir(written)).toContain('a.yaml');
  });
});
