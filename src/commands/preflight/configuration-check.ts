import { serverFiles } from '../../cluster/server-files.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { fileMap } from '../../inputs/files.ts';
import type { DeploymentCredentials } from '../../manifests/material.ts';
import { resolverDirectoryOf } from '../../nats/conf/operator.ts';
import { readAgain } from '../../nats/conf/sources.ts';
import { block } from '../../nats/conf/value.ts';
import type { LiveState } from './live-state.ts';

/** The reader of a configuration of the user before it is applied. */
export type ConfigurationCheck = 'nobody' | 'running-server' | 'new-pod';

/**
 * Returns the reader of the configuration: a running server if one has the image and everything that the configuration
 * refers to, otherwise a new pod. Nothing reads it if a mistake could harm no running server, or if the servers already
 * have the configuration.
 */
export function configurationCheck(
  { image, configuration: wanted }: Pick<ClusterSpec, 'image' | 'configuration'>,
  live: Pick<LiveState, 'image' | 'pods' | 'stored'>,
  { configuration, files }: Pick<DeploymentCredentials, 'configuration' | 'files'>,
): ConfigurationCheck {
  const { stored } = live;
  if (configuration === undefined || !live.pods.some(({ ready, terminating }) => ready && !terminating))
    return 'nobody';
  if (live.image !== image) return 'new-pod';
  if (stored.configuration === configuration.texts) return 'nobody'; // The servers have it, or one read it before.
  const { tree: before } = readAgain(stored.configuration ?? '') ?? { tree: block({}) };
  const hasFolder = wanted?.resolverDirectory === resolverDirectoryOf(before);
  return hasFolder && hasFiles(configuration.texts, files, stored.files) ? 'running-server' : 'new-pod';
}

/** Checks whether the pods hold each file that the configuration names, with the wanted content. */
function hasFiles(texts: string, files: Readonly<Record<string, string>>, storedFiles: string | undefined): boolean {
  const read = storedFiles === undefined ? undefined : fileMap.parse(storedFiles);
  const there = read?.kind === 'accepted' ? read.value : {};
  return Object.entries(files).every(
    ([name, text]) => !texts.includes(`${serverFiles.configurationDirectory}/${name}`) || there[name] === text,
  );
}
