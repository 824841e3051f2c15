import type { ClusterSpec } from '../../cluster/spec.ts';
import { refusedSystemCredentials } from '../../inputs/operator-contradictions.ts';
import { inputInvalid } from '../../inputs/violations.ts';
import { clientLeaf, type DeploymentCredentials } from '../../manifests/material.ts';
import { credentialsText, type UserCredentials } from '../../nats/jwt/user-credentials.ts';
import { connectServer } from '../../servers/connection.ts';
import { isRefusal, type ServerFailure } from '../../servers/failure.ts';
import { fetchSystem } from '../../servers/system.ts';
import type { ServerTarget } from '../../servers/target.ts';
import { serverTarget } from '../proofs/server-target.ts';
import type { Run } from '../run.ts';
import type { LiveState } from './live-state.ts';

type Terms = { readonly spec: ClusterSpec; readonly live: LiveState; readonly credentials: DeploymentCredentials };

/**
 * Refuses system credentials that differ from the last ones if a running server refuses them, before they replace the
 * credentials by which the server is reached. If no server could be asked, errors show when the credentials are needed.
 * @throws ActionError INPUT_INVALID
 */
export async function requireAcceptedCredentials(
  { api, runner, signal }: Pick<Run<unknown>, 'api' | 'runner' | 'signal'>,
  { spec, live, credentials }: Terms,
): Promise<void> {
  const { systemCredentials, system } = credentials;
  const { clientTrust, clients, systemCredentials: before } = live.stored;
  const pod = live.pods.find(({ ready, terminating }) => ready && !terminating);
  const isKnown = systemCredentials === undefined || credentialsText(systemCredentials) === before;
  if (isKnown || pod === undefined || clientTrust === undefined) {
    return;
  }
  const target = serverTarget({ api, spec, signal }, pod.name, clientTrust, clientLeaf({ clients }, system.user));
  const failure = await failureOf(target, systemCredentials);
  if (failure === undefined) {
    runner.info(`system-credentials: ${pod.name} takes them`);
  } else if (isRefusal(failure)) {
    throw inputInvalid([refusedSystemCredentials(pod.name)]);
  } else {
    runner.info(`system-credentials: not checked by a running server: ${failure.message}`);
  }
}

/**
 * Returns the failure of a request by this user; undefined if the server answers. Users of any account may sign in, but
 * only users of the system account get an answer.
 */
async function failureOf(target: ServerTarget, user: UserCredentials): Promise<ServerFailure | undefined> {
  const connected = await connectServer({ ...target, ...user });
  if (!connected.ok) {
    return connected.failure;
  }
  const answer = await fetchSystem(connected.value, 'VARZ', target.timeoutMs);
  await connected.value.close();
  return answer.ok ? undefined : answer.failure;
}
