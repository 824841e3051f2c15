import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { KubeconfigSource } from '../../../src/inputs/grammar/kubeconfig.ts';
import { loadKubeConfig } from '../../../src/kubernetes/kubeconfig.ts';

const folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function kubeconfig(name = 'one'): string {
  return JSON.stringify({
    clusters: [{ name, cluster: { server: `https://${name}.example.com:6443/` } }],
    users: [{ name, user: { token: 'secret-token' } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  });
}

describe('the file of a kubeconfig', () => {
  test('takes each name from the first file that has it, and skips missing files', () => {
    const first = file('first', kubeconfig('one'));
    const second = file('second', kubeconfig('two'));
    const env = { KUBECONFIG: [join(folder, 'missing'), first, second, first].join(':') };
    expect(loadKubeConfig(undefined, undefined, env).context).toBe('one');
    expect(loadKubeConfig(undefined, 'two', env).server).toBe('https://two.example.com:6443');
  });

  test('may have a path with a leading ~ for the home folder, in the input and in KUBECONFIG', () => {
    file('in-home', kubeconfig());
    const load = (source: KubeconfigSource | undefined, env: object = {}) =>
      loadKubeConfig(source, undefined, { HOME: folder, ...env }).origin;
    const path = join(folder, 'in-home');
    expect(load({ kind: 'path', path: '~/in-home' })).toEqual({ kind: 'input', path });
    expect(load(undefined, { KUBECONFIG: '~/in-home' })).toEqual({ kind: 'environment', paths: [path] });
  });

  test('comes from the home folder if nothing else is named, and its origin says so', () => {
    mkdirSync(join(folder, 'home', '.kube'), { recursive: true });
    const path = file(join('home', '.kube', 'config'), kubeconfig());
    expect(loadKubeConfig(undefined, undefined, { HOME: join(folder, 'home') }).origin).toEqual({ kind: 'home', path });
  });

  test('is refused if its file has no end', () => {
    expect(() => loadKubeConfig({ kind: 'path', path: '/dev/zero' }, undefined, {})).toThrow(/larger than 4 MiB/);
  });

  test('is required, because there is no other default', () => {
    expect(() => loadKubeConfig(undefined, undefined, { HOME: folder })).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
    expect(() => loadKubeConfig({ kind: 'path', path: join(folder, 'none') }, undefined, {})).toThrow(/ENOENT/);
  });

  test('is skipped in KUBECONFIG if it lies below a file, but not if it cannot be read', () => {
    const usable = file('usable', kubeconfig());
    const loop = join(folder, 'loop');
    symlinkSync(loop, loop);
    const load = (...paths: readonly string[]) => loadKubeConfig(undefined, undefined, { KUBECONFIG: paths.join(':') });
    expect(load(join(usable, 'below'), '', usable).origin).toEqual({ kind: 'environment', paths: [usable] });
    expect(() => load(loop, usable)).toThrow(/ELOOP/);
  });

  test('is named if KUBECONFIG has only missing files', () => {
    const env = { KUBECONFIG: join(folder, 'missing'), HOME: folder };
    expect(() => loadKubeConfig(undefined, undefined, env)).toThrow(/missing cannot be read \(ENOENT\)/);
  });

  test.each<[string, object]>([
    ['there is no home folder', {}],
    ['the name of the home folder is empty', { HOME: '' }],
    ['the home folder has no kubeconfig', { HOME: folder }],
  ])('is asked for as an input if %s', (_rule, env) => {
    expect(() => loadKubeConfig(undefined, undefined, { ...env })).toThrow(
      expect.objectContaining({
        details: {
          violations: [expect.objectContaining({ correction: expect.stringContaining('secrets.KUBECONFIG') })],
        },
      }),
    );
  });

  test('has a path in which ~ stands for the home folder only at the start and alone', () => {
    const load =
      (path: string, env: object = { HOME: folder }) =>
      () =>
        loadKubeConfig({ kind: 'path', path }, undefined, { ...env });
    expect(load('~')).toThrow(`${folder} cannot be read (EISDIR)`);
    expect(load('~other/none')).toThrow('The kubeconfig ~other/none cannot be read (ENOENT)');
    expect(load('./~/none')).toThrow('The kubeconfig ./~/none cannot be read (ENOENT)');
    expect(load('~/none', {})).toThrow('The kubeconfig ~/none cannot be read (ENOENT)');
  });

  test('has at most 4 MiB', () => {
    const most = 4 * 1024 * 1024;
    const load = (bytes: number) => {
      const path = file('large', `${kubeconfig()}\n#`.padEnd(bytes, 'x'));
      return loadKubeConfig({ kind: 'path', path }, undefined, {}).context;
    };
    expect(load(most)).toBe('one');
    expect(() => load(most + 1)).toThrow(/larger than 4 MiB/);
  });
});
