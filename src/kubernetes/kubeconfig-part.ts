import { readFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { KubeconfigSource } from '../inputs/kubeconfig.ts';
import { inputError } from './input-error.ts';
import type { Environment } from './proxy.ts';

/** Where a kubeconfig came from; relative paths in it start at `directory`. */
export type Part = { readonly text: string; readonly where: string; readonly directory: string };

export function partOf(source: KubeconfigSource): Part {
  if (source.kind === 'content') return { text: source.yaml, where: 'the input kubeconfig', directory: process.cwd() };
  return readPart(source.path);
}

export function readPart(path: string): Part {
  try {
    return { text: readFileSync(path, 'utf8'), where: path, directory: dirname(resolve(path)) };
  } catch (error) {
    const code = Error.isError(error) && 'code' in error ? String(error.code) : 'unknown error';
    throw inputError(
      'kubeconfig',
      `The kubeconfig ${path} cannot be read (${code})`,
      'the path of a readable file',
      error,
    );
  }
}

/** The default kubeconfig: KUBECONFIG, ~/.kube/config; undefined: in the cluster. Missing files of a list are passed over, as kubectl does, unless all are missing. */
export function defaultParts(env: Environment): readonly Part[] | undefined {
  const listed = (env['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '');
  if (listed.length > 0) {
    const present = listed.filter(exists);
    return (present.length > 0 ? present : listed).map(readPart);
  }
  const home = join(env['HOME'] ?? '', '.kube', 'config');
  if (env['HOME'] !== undefined && exists(home)) return [readPart(home)];
  if (env['KUBERNETES_SERVICE_HOST'] !== undefined) return undefined;
  throw inputError(
    'kubeconfig',
    'No kubeconfig: the input is absent, KUBECONFIG is not set, ~/.kube/config does not exist, and this is no pod',
    'kubeconfig: ${{ secrets.KUBECONFIG }}',
  );
}

function exists(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch (error) {
    // Only absence passes over a file; one that cannot be read is reported when it is read again.
    return !(Error.isError(error) && 'code' in error && error.code === 'ENOENT');
  }
}
