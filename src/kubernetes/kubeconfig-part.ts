import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { KubeconfigSource } from '../inputs/grammar/kubeconfig.ts';
import { createInputError } from './kubeconfig-fields.ts';
import type { Environment } from './proxy.ts';

/** The text of one kubeconfig; `where` names it in messages; relative paths in it start at `directory`. */
export type Part = { readonly text: string; readonly where: string; readonly directory: string };

/** The place that held the kubeconfig. */
export type KubeconfigOrigin =
  /** The input `kubeconfig`; `path` is undefined if the input holds the kubeconfig itself. */
  | { readonly kind: 'input'; readonly path: string | undefined }
  /** The environment variable KUBECONFIG. */
  | { readonly kind: 'environment'; readonly paths: readonly string[] }
  /** The file `.kube/config` in the home folder. */
  | { readonly kind: 'home'; readonly path: string }
  /** The service account of the pod that the runner runs in. */
  | { readonly kind: 'pod' };

/** The origin and its files, in order of precedence; a pod has none. */
export type FoundKubeconfig = { readonly origin: KubeconfigOrigin; readonly parts: readonly Part[] };

/**
 * Finds the kubeconfig: the input, else the files of KUBECONFIG, else `~/.kube/config`, else the service account of the
 * pod (client-go, `clientcmd/loader.go` and `client_config.go`). Missing files of a list are skipped, as in kubectl,
 * unless all are missing.
 *
 * @throws ActionError INPUT_INVALID when no kubeconfig is found, or a file cannot be read.
 */
export function findKubeconfig(source: KubeconfigSource | undefined, env: Environment): FoundKubeconfig {
  if (source?.kind === 'content') {
    const part = { text: source.yaml, where: 'the input kubeconfig', directory: process.cwd() };
    return { origin: { kind: 'input', path: undefined }, parts: [part] };
  }
  if (source !== undefined) {
    const path = expandHome(source.path, env);
    return { origin: { kind: 'input', path }, parts: [readPart(path)] };
  }
  const listed = (env['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '');
  if (listed.length > 0) return findListed(listed.map((path) => expandHome(path, env)));
  const home = env['HOME'] ? join(env['HOME'], '.kube', 'config') : undefined;
  if (home !== undefined && fileExists(home)) return { origin: { kind: 'home', path: home }, parts: [readPart(home)] };
  if (env['KUBERNETES_SERVICE_HOST']) return { origin: { kind: 'pod' }, parts: [] };
  throw createInputError(
    'kubeconfig',
    'No kubeconfig: the input is absent or empty, KUBECONFIG is not set, ~/.kube/config does not exist, and the runner is not in a pod',
    'kubeconfig: ${{ secrets.KUBECONFIG }}',
  );
}

function findListed(listed: readonly string[]): FoundKubeconfig {
  const present = listed.filter(fileExists);
  const paths = present.length > 0 ? present : listed;
  return { origin: { kind: 'environment', paths }, parts: paths.map(readPart) };
}

/** Replaces a leading `~`, which otherwise only a shell expands, and no shell processes an input. */
function expandHome(path: string, { HOME: home }: Environment): string {
  return home && (path === '~' || path.startsWith('~/')) ? join(home, path.slice(1)) : path;
}

/**
 * Reads one kubeconfig file.
 * @throws ActionError INPUT_INVALID when the file cannot be read, or is too large.
 */
export function readPart(path: string): Part {
  return { text: readKubeconfigFile(path), where: path, directory: dirname(resolve(path)) };
}

/** The largest kubeconfig in bytes. The limit keeps an endless device from filling the memory. */
const MAX_BYTES = 4 * 1024 * 1024;

function readKubeconfigFile(path: string): string {
  try {
    const file = openSync(path, 'r');
    try {
      const chunks: Buffer[] = [];
      for (let size = 0; size <= MAX_BYTES; ) {
        const chunk = Buffer.allocUnsafe(65_536);
        const read = readSync(file, chunk);
        if (read === 0) return Buffer.concat(chunks).toString('utf8');
        chunks.push(chunk.subarray(0, read));
        size += read;
      }
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const code = Error.isError(error) && 'code' in error ? String(error.code) : 'unknown error';
    throw createInputError(
      'kubeconfig',
      `The kubeconfig ${path} cannot be read (${code})`,
      'the path of a readable file',
      error,
    );
  }
  throw createInputError('kubeconfig', `The kubeconfig ${path} is larger than 4 MiB`, 'the path of a kubeconfig');
}

function fileExists(path: string): boolean {
  try {
    statSync(path);
    return true;
  } catch (error) {
    // A file is skipped only if it is absent; an unreadable file is reported when it is read.
    return !(Error.isError(error) && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'));
  }
}
