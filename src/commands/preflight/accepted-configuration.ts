import { SERVER_CONTAINER } from '../../cluster/names.ts';
import { serverFiles } from '../../cluster/server-files.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { fileMap } from '../../inputs/grammar/files.ts';
import { createInputError } from '../../inputs/grammar/violations.ts';
import type { DeploymentCredentials } from '../../manifests/material.ts';
import { block } from '../../nats/conf/reader/value.ts';
import { parseComplaints } from '../../nats/conf/settings/complaints.ts';
import { findResolverDirectory } from '../../nats/conf/settings/operator.ts';
import { readStoredTexts } from '../../nats/conf/settings/sources.ts';
import { renderConfiguration } from '../../nats/conf/writer/write.ts';
import type { Run } from '../context/run.ts';
import { joinConfiguration } from '../desired/configuration.ts';
import type { LiveState } from '../live/live-state.ts';
import { requireAgreeingRoutes } from './route-changes.ts';

/** The server that reads the user's configuration before it is applied. */
export type ConfigurationReader = 'nobody' | 'running-server' | 'new-pod';

/**
 * Returns the reader of the configuration: a running server if one has the image and everything that the configuration
 * refers to, otherwise a new pod. No server reads it if none is running that a mistake could harm, or if the servers
 * already have the configuration.
 */
export function selectConfigurationReader(
  { image, configuration: wanted }: Pick<ClusterSpec, 'image' | 'configuration'>,
  live: Pick<LiveState, 'image' | 'pods' | 'stored'>,
  { configuration, files }: Pick<DeploymentCredentials, 'configuration' | 'files'>,
): ConfigurationReader {
  const { stored } = live;
  if (configuration === undefined || !live.pods.some(({ ready, terminating }) => ready && !terminating))
    return 'nobody';
  if (live.image !== image) return 'new-pod';
  // The servers have this configuration, or one has checked it.
  if (stored.configuration === configuration.texts) return 'nobody';
  const { tree: before } = readStoredTexts(stored.configuration ?? '') ?? { tree: block({}) };
  const hasFolder = wanted?.resolverDirectory === findResolverDirectory(before);
  return hasFolder && hasFiles(configuration.texts, files, stored.files) ? 'running-server' : 'new-pod';
}

/** Checks whether the pods hold each file that the configuration names, with the wanted content. */
function hasFiles(texts: string, files: Readonly<Record<string, string>>, storedFiles: string | undefined): boolean {
  const read = storedFiles === undefined ? undefined : fileMap.parse(storedFiles);
  const current = read?.kind === 'accepted' ? read.value : {};
  return Object.entries(files).every(
    ([name, text]) => !texts.includes(`${serverFiles.configurationDirectory}/${name}`) || current[name] === text,
  );
}

/** The deployment that the inputs ask for, and the live state that it would change. */
export type PlannedDeployment = {
  readonly spec: ClusterSpec;
  readonly live: LiveState;
  readonly credentials: DeploymentCredentials;
};

/** The command that loads the configuration like a starting server and then exits. */
const CHECK = ['nats-server', '-t', '-c', '/dev/stdin'] as const;

/**
 * Refuses a configuration of the user that cannot be joined with the generated one, or that a running server of the
 * same image refuses, before anything is touched. Returns the reason why no server could be asked, if one should have
 * been asked: errors then show when the servers load the configuration.
 * @throws ActionError INPUT_INVALID with the user's file and line, without a secret; CHANGE_FORBIDDEN, reason RoutesDiffer
 */
export async function requireAcceptedConfiguration(
  { api, runner, signal }: Pick<Run<unknown>, 'api' | 'runner' | 'signal'>,
  { spec, live, credentials }: PlannedDeployment,
): Promise<string | undefined> {
  requireAgreeingRoutes({ spec, live, credentials });
  const { configuration } = credentials;
  if (configuration === undefined) {
    return undefined;
  }
  const joined = joinConfiguration(spec, credentials);
  const check = selectConfigurationReader(spec, live, credentials);
  const pod = live.pods.find(({ ready, terminating }) => ready && !terminating);
  if (check === 'nobody') {
    return undefined;
  }
  if (pod === undefined) {
    return 'no server is ready';
  }
  if (check === 'new-pod') {
    return `only a new pod of ${spec.image} can read it`;
  }
  const input = renderConfiguration(joined);
  const target = { namespace: spec.namespace, pod: pod.name, container: SERVER_CONTAINER, command: CHECK, input };
  const checked = await api.execute(target, signal);
  if (checked.kind === 'not-run') {
    return checked.because;
  }
  if (checked.exitCode !== 0) {
    throw createInputError(parseComplaints(runner.redact(checked.output), joined, configuration.input));
  }
  runner.info(`configuration: ${pod.name} accepts it`);
  return undefined;
}
