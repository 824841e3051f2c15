import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
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
    // Neither of them is to be looked at.
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
  test.each(['manifests', 'kustomize', 'helm'])('writes %s without a cluster, the same bytes again', async (format) => {
    const first = await render({ 'render-format': format });
    expect(first).toMatchObject({ exitCode: 0, outputs: { result: 'rendered', changed: 'false' } });
    const written = await contents();
    const listed: unknown = JSON.parse(first.outputs['files'] ?? '');
    expect(Object.keys(written)).toHaveLength((Array.isArray(listed) ? listed.length : 0) + 1);
    for (const line of ['needed: Secret nats-config (nats.conf)', 'wrote: README.md']) {
      expect(first.stdout).toContain(line);
    }
    expect(first.summary).toContain('Needed beside them');
    await render({ 'render-format': format });
    expect(await contents()).toEqual(written);
    expectNoSecret(first, Object.values(canaries));
    expect(
      Object.values(written)
        .map((text) => Buffer.from(text, 'base64').toString())
        .join(''),
    ).not.toMatch(/canary|PRIVATE/);
  });

  test('writes Secrets for nobody else to read, warns, and shows none', async () => {
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

  test('removes what a rendering before wrote, and nothing else', async () => {
    await render({ replicas: '5', allow: 'rendered-secrets' });
    await writeFile(folder('own.yaml'), 'own');
    const again = await render({ replicas: '3' });
    expect(again.stdout).toContain('removed: service-nats-4.yaml, of an earlier rendering');
    const names = await readdir(folder());
    expect(names).toContain('own.yaml');
    expect(names.filter((name) => /secret-|nats-[34]|\.gitignore|\.tmp$/.test(name))).toEqual([]);
    const helm = await render({ 'render-format': 'helm' });
    expect(helm.exitCode).toBe(0);
    expect(await readdir(folder())).not.toContain('statefulset-nats.yaml');
    await render();
    expect(await readdir(folder())).not.toContain('templates');
  });

  test('unpacks with tar as what is beside it', async () => {
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
      'that holds files of others',
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
  ])('refuses a folder %s, and leaves it as it is', async (_, prepare, said) => {
    await mkdir(folder(), { recursive: true });
    await prepare();
    const before = await run('find', [workspace, '-type', 'f', '-printf', '%p %s %m\n']);
    const { title, text } = expectFailure(await render());
    expect(title).toBe('INPUT_INVALID');
    expect(text).toContain(said);
    expect(text).toContain('output-directory: ');
    expect((await run('find', [workspace, '-type', 'f', '-printf', '%p %s %m\n'])).stdout).toBe(before.stdout);
  });

  test('refuses inputs that need a cluster before anything is written', async () => {
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

  test('takes the place of no file that it did not write, and says which', async () => {
    await writeOutputFolder(workspace, [file('a.yaml')]);
    await writeFile(join(workspace, 'b.yaml'), 'mine');
    await expect(writeOutputFolder(workspace, [file('a.yaml', 'newer'), file('b.yaml')])).rejects.toThrow('b.yaml');
    expect(await readFile(join(workspace, 'a.yaml'), 'utf8')).toBe('new');
    expect(await readFile(join(workspace, 'b.yaml'), 'utf8')).toBe('mine');
  });

  test('replaces a link, not what it leads to, and writes through none', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'elsewhere-'));
    try {
      await writeFile(join(elsewhere, 'target'), 'mine');
      await writeOutputFolder(workspace, [file('a.yaml')]);
      await rm(join(workspace, 'a.yaml'));
      await symlink(join(elsewhere, 'target'), join(workspace, 'a.yaml'));
      await writeOutputFolder(workspace, [file('a.yaml')]);
      expect(await readFile(join(elsewhere, 'target'), 'utf8')).toBe('mine');
      await symlink(elsewhere, join(workspace, 'templates'));
      await expect(writeOutputFolder(workspace, [file('templates/a.yaml')])).rejects.toThrow('is no folder');
      expect(await readdir(elsewhere)).toEqual(['target']);
    } finally {
      await rm(elsewhere, { recursive: true, force: true });
    }
  });

  test('goes by a list that leads nowhere else', async () => {
    const outside = join(workspace, 'outside');
    const inside = join(workspace, 'inside');
    await writeFile(outside, 'mine');
    await mkdir(inside);
    await writeFile(join(inside, LIST), `../outside\n${outside}\n..\n.\na/../../outside\nold.yaml\n`);
    await writeFile(join(inside, 'old.yaml'), 'old');
    const { removed } = await writeOutputFolder(inside, [file('a.yaml')]);
    expect(removed).toEqual(['old.yaml']);
    expect(await readFile(outside, 'utf8')).toBe('mine');
    expect((await readdir(inside)).toSorted()).toEqual([LIST, 'a.yaml']);
  });

  test('that a run has left half written is finished by the next one', async () => {
    await writeFile(join(workspace, LIST), 'a.yaml\nb.yaml\nc.yaml\n');
    await writeFile(join(workspace, 'b.yaml'), 'half');
    await writeOutputFolder(workspace, [file('a.yaml'), file('b.yaml')]);
    expect((await readdir(workspace)).toSorted()).toEqual([LIST, 'a.yaml', 'b.yaml']);
    expect(await readFile(join(workspace, 'b.yaml'), 'utf8')).toBe('new');
  });

  test.each(['/proc/nats', 'link/nats'])('that cannot be made is told, and not tried for ever: %s', async (path) => {
    await symlink(join(workspace, 'nowhere'), join(workspace, 'link'));
    await expect(writeOutputFolder(resolve(workspace, path), [file('a.yaml')])).rejects.toThrow(
      'cannot be written (ENOENT)',
    );
  });
});
