import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { requireCommand, runCommand } from './command.ts';
import { cacheDirectory, exists } from './directories.ts';
import { findGo } from './go-toolchain.ts';
import { formatElapsed, type Progress } from './progress.ts';
import { CONTAINERD_VERSION, KUBERNETES_VERSION } from './versions.ts';

const MODULE = join(import.meta.dirname, 'programs');
const HEARTBEAT_MS = 15_000;

type GoBuild = {
  /** The name of the result in the cache and in the progress. */
  readonly title: string;
  readonly key: string;
  readonly arguments: readonly string[];
  readonly cwd: string | undefined;
  /** The number of packages that a build without a cache compiles, for the progress; undefined for other modules. */
  readonly countPackages: readonly string[] | undefined;
};

/**
 * Returns a folder with kube, supervisor, pause, containerd, containerd-shim-runc-v2 and ctr. Builds the programs that
 * the cache lacks.
 */
export async function provideClusterPrograms(progress: Progress, signal: AbortSignal): Promise<string> {
  const [own, containerd] = [await ownBuild(), containerdBuild()];
  const directory = join(cacheDirectory(), 'programs', digest(own.key + containerd.key));
  if (await exists(directory)) {
    return directory;
  }
  return await intoCache(directory, async (temporary) => {
    await build(containerd, temporary, progress, signal);
    await build(own, temporary, progress, signal);
  });
}

/** Returns the path of a program of another Go module, built at that version, for example a nats-server release. */
export async function provideGoProgram(
  importPath: string,
  version: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<string> {
  const program = importPath.replace(/\/v\d+$/, '').replace(/^.*\//, '');
  const directory = join(cacheDirectory(), 'go', `${program}-${version}`);
  if (!(await exists(directory))) {
    const title = `${program} ${version}`;
    await intoCache(directory, async (temporary) => {
      await build(installOf(title, [importPath], version), temporary, progress, signal);
    });
  }
  return join(directory, program);
}

function containerdBuild(): GoBuild {
  const commands = ['containerd', 'containerd-shim-runc-v2', 'ctr'];
  const paths = commands.map((command) => `github.com/containerd/containerd/v2/cmd/${command}`);
  return installOf(`containerd ${CONTAINERD_VERSION}`, paths, CONTAINERD_VERSION);
}

function installOf(title: string, importPaths: readonly string[], version: string): GoBuild {
  const packages = importPaths.map((path) => `${path}@v${version}`);
  return {
    title,
    key: packages.join(' '),
    arguments: ['install', '-ldflags', '-s -w', ...packages],
    cwd: undefined,
    countPackages: undefined,
  };
}

async function ownBuild(): Promise<GoBuild> {
  const [major, minor] = KUBERNETES_VERSION.split('.');
  const version = [`gitVersion=v${KUBERNETES_VERSION}`, `gitMajor=${major}`, `gitMinor=${minor}`];
  const flags = version.map((value) => `-X k8s.io/component-base/version.${value}`);
  const packages = ['./cmd/supervisor', './cmd/pause', './cmd/kube'];
  return {
    title: `Kubernetes ${KUBERNETES_VERSION}, etcd, CoreDNS`,
    key: `${await sourceDigest()} ${flags.join(' ')}`,
    arguments: ['install', '-ldflags', `-s -w ${flags.join(' ')}`, ...packages],
    cwd: MODULE,
    countPackages: packages,
  };
}

async function sourceDigest(): Promise<string> {
  const files = (await readdir(MODULE, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const contents = await Promise.all(files.map((file) => readFile(file)));
  return digest(contents.map((content) => digest(content)).join(''));
}

async function build(step: GoBuild, target: string, progress: Progress, signal: AbortSignal): Promise<void> {
  const go = await findGo(signal);
  const env = { ...process.env, CGO_ENABLED: '0', GOBIN: target, GOFLAGS: '-trimpath -buildvcs=false' };
  const began = performance.now();
  const total = await countPackages(go, step, env, signal);
  let compiled = 0;
  const report = (): void => {
    const far = total === undefined ? `${compiled} packages compiled` : `${compiled} of ${total} packages compiled`;
    progress(`building ${step.title}: ${far}, ${formatElapsed(performance.now() - began)}`);
  };
  report();
  const heartbeat = setInterval(report, HEARTBEAT_MS);
  try {
    const [verb = 'install', ...rest] = step.arguments;
    const options = { env, signal, onLine: () => compiled++, ...(step.cwd === undefined ? {} : { cwd: step.cwd }) };
    await requireCommand(go, [verb, '-v', ...rest], options);
  } finally {
    clearInterval(heartbeat);
  }
  progress(`built ${step.title} in ${formatElapsed(performance.now() - began)}`);
}

async function countPackages(
  go: string,
  step: GoBuild,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<number | undefined> {
  if (step.countPackages === undefined || step.cwd === undefined) {
    return undefined;
  }
  const listed = await runCommand(go, ['list', '-deps', ...step.countPackages], { env, signal, cwd: step.cwd });
  return listed.code === 0 ? listed.stdout.trim().split('\n').length : undefined;
}

/**
 * Fills a folder of the cache. The folder is complete or absent, even if several processes fill it at the same time.
 */
export async function intoCache(directory: string, fill: (temporary: string) => Promise<void>): Promise<string> {
  const parent = join(directory, '..');
  await mkdir(parent, { recursive: true });
  const temporary = await mkdtemp(join(parent, '.building-'));
  try {
    await fill(temporary);
    try {
      await rename(temporary, directory);
    } catch (error) {
      if (!(await exists(directory))) {
        throw error;
      } // Another process built the same and was first.
    }
    return directory;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function digest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}
