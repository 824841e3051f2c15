import { SERVER_CONTAINER } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { inputInvalid } from '../../inputs/violations.ts';
import type { DeploymentCredentials } from '../../manifests/material.ts';
import { complaintsOf } from '../../nats/conf/complaints.ts';
import { renderConfiguration } from '../../nats/conf/render.ts';
import { joinedConfiguration } from '../configuration.ts';
import type { Run } from '../run.ts';
import { configurationCheck } from './configuration-check.ts';
import type { LiveState } from './live-state.ts';

type Terms = { readonly spec: ClusterSpec; readonly live: LiveState; readonly credentials: DeploymentCredentials };

/** The command that reads the configuration like a server that starts, and then ends. */
const CHECK = ['nats-server', '-t', '-c', '/dev/stdin'] as const;

/**
 * Refuses a configuration of the user that cannot be joined with the generated one, or that a running server of the
 * same image refuses, before anything is touched. Returns the reason why no server could be asked, if one should have
 * been asked: errors then show when the servers load the configuration.
 * @throws ActionError INPUT_INVALID with the user's file and line, without a secret
 */
export async function requireAcceptedConfiguration(
  { api, runner, signal }: Pick<Run<unknown>, 'api' | 'runner' | 'signal'>,
  { spec, live, credentials }: Terms,
): Promise<string | undefined> {
  const { configuration } = credentials;
  if (configuration === undefined) {
    return undefined;
  }
  const joined = joinedConfiguration(spec, credentials);
  const check = configurationCheck(spec, live, credentials);
  const pod = live.pods.find(({ ready, terminating }) => ready && !terminating);
  if (check === 'nobody') {
    return undefined;
  }
  if (pod === undefined) {
    return 'none is ready';
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
    throw inputInvalid(complaintsOf(runner.redact(checked.output), joined, configuration.input));
  }
  runner.info(`configuration: ${pod.name} would take it`);
  return undefined;
}
