import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { provideGoProgram } from './build.ts';
import { requireCommand } from './command.ts';
import { cacheDirectory, exists } from './directories.ts';
import { provideNatsServer } from './nats-server.ts';
import type { Progress } from './progress.ts';
import { EXPORTER_VERSION, NATS_BOX_VERSION, NATS_CLI_VERSION, NATS_SERVER_VERSIONS } from './versions.ts';

export const PAUSE_IMAGE = 'local/pause:1';

/** An image of one program on an otherwise empty root, with the name of the public image. */
type ImageSource = {
  readonly reference: string;
  readonly binary: string;
  /** The path of the program in the public image; it is the entry point. */
  readonly path: string;
  /** The default arguments, as in the public image. */
  readonly arguments: readonly string[];
};

/** Returns the docker-archive files of every image for the nodes, built if the cache lacks them. */
export async function provideClusterImages(
  programs: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const sources: ImageSource[] = [
    { reference: PAUSE_IMAGE, binary: join(programs, 'pause'), path: '/pause', arguments: [] },
  ];
  for (const version of NATS_SERVER_VERSIONS) {
    const binary = await provideNatsServer(version, progress, signal);
    const reference = `docker.io/library/nats:${version}`;
    sources.push({ reference, binary, path: '/nats-server', arguments: ['--config', 'nats-server.conf'] });
  }
  const exporter = await optionalBinary('prometheus-nats-exporter', EXPORTER_VERSION, '', progress, signal);
  if (exporter !== undefined) {
    const reference = `docker.io/natsio/prometheus-nats-exporter:${EXPORTER_VERSION}`;
    sources.push({ reference, binary: exporter, path: '/prometheus-nats-exporter', arguments: [] });
  }
  const client = await optionalBinary('natscli', NATS_CLI_VERSION, '/nats', progress, signal);
  if (client !== undefined) {
    const reference = `docker.io/natsio/nats-box:${NATS_BOX_VERSION}`;
    sources.push({ reference, binary: client, path: '/usr/local/bin/nats', arguments: [] });
  }
  return await Promise.all(sources.map((source) => imageArchive(source, signal)));
}

/**
 * Builds a program that some Go module proxies do not have. Without it, the cluster works and lacks only the image of
 * this program.
 */
async function optionalBinary(
  module: string,
  version: string,
  command: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<string | undefined> {
  const missing = join(cacheDirectory(), 'go', `no-${module}-${version}`);
  if (await exists(missing)) {
    return undefined;
  }
  try {
    return await provideGoProgram(`github.com/nats-io/${module}${command}`, version, progress, signal);
  } catch (error) {
    signal.throwIfAborted();
    progress(`no image with ${module}: ${error instanceof Error ? error.message.split('\n').at(-1) : String(error)}`);
    await writeFile(missing, '');
    return undefined;
  }
}

async function imageArchive(source: ImageSource, signal: AbortSignal): Promise<string> {
  const key = createHash('sha256')
    .update(JSON.stringify([source.reference, source.path, source.arguments]))
    .update(await readFile(source.binary))
    .digest('hex')
    .slice(0, 16);
  const archive = join(cacheDirectory(), 'images', `${key}.tar`);
  if (await exists(archive)) {
    return archive;
  }
  await mkdir(dirname(archive), { recursive: true });
  const temporary = await mkdtemp(join(dirname(archive), '.building-'));
  try {
    await rename(await packImage(source, temporary, signal), archive);
    return archive;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Writes a docker-archive: one layer, a configuration, a manifest (moby image specification v1.2). */
async function packImage(source: ImageSource, directory: string, signal: AbortSignal): Promise<string> {
  const root = join(directory, 'root');
  await mkdir(join(root, 'etc'), { recursive: true });
  await mkdir(join(root, 'tmp'), { mode: 0o1777 });
  await writeFile(join(root, 'etc', 'passwd'), 'root:x:0:0:root:/root:/sbin/nologin\n');
  await mkdir(dirname(join(root, source.path)), { recursive: true });
  await copyFile(source.binary, join(root, source.path));
  const plain = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
  await requireCommand('tar', ['-C', root, ...plain, '-cf', join(directory, 'layer.tar'), '.'], { signal });
  const layer = createHash('sha256')
    .update(await readFile(join(directory, 'layer.tar')))
    .digest('hex');
  const config = {
    architecture: 'amd64',
    os: 'linux',
    config: {
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/'],
      Entrypoint: [source.path],
      Cmd: source.arguments,
    },
    rootfs: { type: 'layers', diff_ids: [`sha256:${layer}`] },
  };
  const manifest = [{ Config: 'config.json', RepoTags: [source.reference], Layers: ['layer.tar'] }];
  await writeFile(join(directory, 'config.json'), JSON.stringify(config));
  await writeFile(join(directory, 'manifest.json'), JSON.stringify(manifest));
  const members = ['manifest.json', 'config.json', 'layer.tar'];
  await requireCommand('tar', ['-C', directory, ...plain, '-cf', join(directory, 'image.tar'), ...members], { signal });
  return join(directory, 'image.tar');
}
