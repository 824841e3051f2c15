import type { ConfiguredUser } from '../../cluster/user.ts';
import { findExpiryProblems } from '../../drift/expiry.ts';
import { ActionError, hasCode, problemError } from '../../errors/action-error.ts';
import { parseBcryptCost } from '../../inputs/grammar/users.ts';
import { createInputError } from '../../inputs/grammar/violations.ts';
import type { DeployInputs, DeploymentInputs, RotateInputs } from '../../inputs/inputs.ts';
import {
  findOperatorContradictions,
  reportExpiredSystemCredentials,
  reportMissingSystemCredentials,
  reportRefusedSystemCredentials,
} from '../../inputs/operator-contradictions.ts';
import { type DeploymentCredentials, findClientLeaf } from '../../manifests/material.ts';
import { isOperatorMode } from '../../nats/conf/settings/operator.ts';
import { formatCredentials, type UserCredentials } from '../../nats/jwt/user-credentials.ts';
import type { Runner } from '../../runner/runner.ts';
import { connectServer } from '../../servers/connection.ts';
import type { ServerTarget } from '../../servers/dial.ts';
import { isRefusal, type ServerFailure } from '../../servers/failure.ts';
import { fetchSystem } from '../../servers/system.ts';
import type { Run } from '../context/run.ts';
import { parseStoredConfiguration } from '../desired/user-configuration.ts';
import type { LiveState } from '../live/live-state.ts';
import { buildServerTarget } from '../pods/server-access.ts';
import type { PlannedDeployment } from './accepted-configuration.ts';

/**
 * Refuses new system credentials that a running server rejects, before they replace the stored ones, which this action
 * needs to reach the server. If no server could be asked, errors show when the credentials are needed.
 * @throws ActionError INPUT_INVALID
 */
export async function requireAcceptedCredentials(
  { api, runner, signal }: Pick<Run<unknown>, 'api' | 'runner' | 'signal'>,
  { spec, live, credentials }: PlannedDeployment,
): Promise<void> {
  const { systemCredentials, system } = credentials;
  const { clientTrust, clients, systemCredentials: before } = live.stored;
  const pod = live.pods.find(({ ready, terminating }) => ready && !terminating);
  const isKnown = systemCredentials === undefined || formatCredentials(systemCredentials) === before;
  if (isKnown || pod === undefined || clientTrust === undefined) {
    return;
  }
  const target = buildServerTarget(
    { api, spec, signal },
    pod.name,
    clientTrust,
    findClientLeaf({ clients }, system.user),
  );
  const failure = await probeUser(target, systemCredentials);
  if (failure === undefined) {
    runner.info(`system-credentials: ${pod.name} accepts them`);
  } else if (isRefusal(failure)) {
    throw createInputError([reportRefusedSystemCredentials(pod.name)]);
  } else {
    runner.info(`system-credentials: not checked by a running server: ${failure.message}`);
  }
}

/**
 * Returns the failure of a request by this user; undefined if the server answers. Users of any account may log in, but
 * only users of the system account get an answer.
 */
async function probeUser(target: ServerTarget, user: UserCredentials): Promise<ServerFailure | undefined> {
  const connected = await connectServer({ ...target, ...user });
  if (!connected.ok) {
    return connected.failure;
  }
  const answer = await fetchSystem(connected.value, 'VARZ', target.timeoutMs);
  await connected.value.close();
  return answer.ok ? undefined : answer.failure;
}

/**
 * Checks the inputs that accompany the configuration, before the first request.
 * @throws ActionError INPUT_INVALID
 */
export function requireOperatorInputs(inputs: DeploymentInputs, now: Date): void {
  const { config, systemCredentials } = inputs;
  const isMissing = config !== undefined && isOperatorMode(config.tree) && systemCredentials === undefined;
  refuseViolations([
    ...findOperatorContradictions(inputs, config?.tree),
    ...(isMissing ? [reportMissingSystemCredentials()] : []),
    ...findExpired(systemCredentials, now),
  ]);
}

/**
 * Checks the inputs of a rotation, and the stored credentials that it uses.
 * @throws ActionError INPUT_INVALID
 */
export function requireRotatable(
  inputs: RotateInputs,
  { configuration, systemCredentials }: DeploymentCredentials,
  now: Date,
): void {
  refuseViolations([
    ...findOperatorContradictions(inputs, configuration?.tree),
    ...findExpired(systemCredentials, now),
  ]);
}

/**
 * Refuses a switch between operator mode and users in the configuration. A server in one mode knows neither the users
 * nor the accounts of the other mode, so servers cannot be replaced one by one.
 * @throws ActionError CHANGE_FORBIDDEN
 */
export function requireSameAuthMode({ config, name }: DeployInputs, { statefulSet, stored }: LiveState): void {
  const from = statefulSet === undefined ? undefined : wasOperatorMode(stored.configuration);
  const to = config !== undefined && isOperatorMode(config.tree);
  if (from === undefined || from === to) {
    return;
  }
  const describeMode = (byJwt: boolean) => (byJwt ? 'by JWT, with an operator' : 'by the configuration');
  const message = `users would be authenticated ${describeMode(to)}, but the running cluster authenticates them ${describeMode(from)}; every client would be cut off, and servers with and without an operator cannot form a cluster`;
  throw problemError('CHANGE_FORBIDDEN', {
    object: 'config',
    reason: 'OperatorModeInUse',
    message,
    hint: `Deploy another cluster under another name and move the clients to it; or, if this cluster is not needed any more, delete it first (\`command: delete\`, \`name: ${name}\`).`,
  });
}

/**
 * Refuses system credentials that have expired. Their issuer decides how long they are valid, so only their expiry is
 * reported.
 * @throws ActionError CERTIFICATE_EXPIRING, reason SystemCredentialsExpired
 */
export function requireValidCredentials({ systemCredentials }: DeploymentCredentials, now: Date): void {
  const expiresAt = systemCredentials?.expiresAt;
  const dated = expiresAt === undefined ? [] : [{ name: 'system-credentials', notAfter: expiresAt }];
  const { failures } = findExpiryProblems(dated, now, 0);
  const [first] = failures;
  if (first === undefined) {
    return;
  }
  throw new ActionError('CERTIFICATE_EXPIRING', first.message, {
    reason: 'SystemCredentialsExpired',
    hint: 'Run `command: deploy` or `command: rotate` with new `system-credentials`.',
    details: { problems: failures },
  });
}

function wasOperatorMode(texts: string | undefined): boolean | undefined {
  try {
    const before = parseStoredConfiguration(texts);
    return before !== undefined && isOperatorMode(before.tree);
  } catch (error) {
    if (hasCode(error, 'DRIFT')) {
      return undefined; // There is nothing to compare with; this run writes the configuration again.
    }
    throw error;
  }
}

function findExpired(credentials: DeploymentCredentials['systemCredentials'], now: Date) {
  const { expiresAt } = credentials ?? {};
  return expiresAt !== undefined && expiresAt <= now ? [reportExpiredSystemCredentials(expiresAt)] : [];
}

function refuseViolations(violations: Parameters<typeof createInputError>[0]): void {
  if (violations.length > 0) {
    throw createInputError(violations);
  }
}

/**
 * The highest bcrypt cost for which no warning is logged. A hash with this cost takes about 75 ms of CPU time
 * (measured), and each step above doubles the time.
 */
const MAX_BCRYPT_COST = 10;

/**
 * Warns of users with slow password hashes. nats-server computes the hash at every connect, and at a reload again for
 * every connected client, one after the other.
 */
export function warnOfSlowHashes({ warning }: Pick<Runner, 'warning'>, users: readonly ConfiguredUser[]): void {
  const slow = users.filter(({ password }) => (parseBcryptCost(password ?? '') ?? 0) > MAX_BCRYPT_COST);
  if (slow.length === 0) {
    return;
  }
  const names = slow.slice(0, 10).map(({ user, password }) => `${user} (${parseBcryptCost(password ?? '')})`);
  const more = slow.length > names.length ? ` and ${slow.length - names.length} more` : '';
  warning(
    'users',
    `bcrypt cost above ${MAX_BCRYPT_COST}: ${names.join(', ')}${more}. Each of their connections costs a server more than 0.1 s of CPU time, and so does each reload for every connected user. Cost ${MAX_BCRYPT_COST} is enough for long random passwords.`,
  );
}
