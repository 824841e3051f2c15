import type { ClusterSpec } from '../../cluster/spec.ts';
import { ActionError, type ObjectProblem } from '../../errors/action-error.ts';
import { createInputError } from '../../inputs/grammar/violations.ts';
import type { DeployInputs } from '../../inputs/inputs.ts';
import { type DeploymentCredentials, findClientLeaf, selectSystemUser } from '../../manifests/material.ts';
import {
  type ClientCredentials,
  listConfiguredUsers,
  measureConnectLine,
} from '../../nats/conf/settings/configured-users.ts';
import { decodeConnections } from '../../nats/mesh/monitoring.ts';
import { listAccepted } from '../../rotation/track.ts';
import { KeptConnection } from '../../servers/observers.ts';
import type { Run } from '../context/run.ts';
import { buildServerTarget } from '../pods/server-access.ts';
import type { PlannedDeployment } from './accepted-configuration.ts';
import { readLastDeployment } from './forbidden-changes.ts';

/**
 * The number of connections that verify a server: those of the system user, of the probe user and of the client user.
 */
const VERIFYING_CONNECTIONS = 3;

/** The number of connections that a server would close, by pod. Servers that close none are left out. */
export type ClosedConnections = ReadonlyMap<string, number>;

/**
 * Checks that a lowered `max-connections` is enough for the connections of each server and for those that this action
 * opens to verify it. Returns the connections that the servers would close, which needs `allow: outage`.
 * @throws ActionError CHANGE_FORBIDDEN, reason ConnectionsExceeded, with the numbers
 */
export async function requireRoomForClients(
  run: Pick<Run<DeployInputs>, 'api' | 'signal' | 'inputs'>,
  { spec, live, credentials }: PlannedDeployment,
): Promise<ClosedConnections> {
  const limit = spec.limits.maxConnections;
  const last = readLastDeployment(live);
  const before = last?.inputs.maxConnections ?? Number.POSITIVE_INFINITY;
  if (limit === undefined || last === undefined || limit >= before) {
    return new Map();
  }
  const needed = VERIFYING_CONNECTIONS + (run.inputs.smokeTest === undefined ? 0 : 1);
  const counted = await countConnections(run, { spec, live, credentials }, before);
  const closed = [...counted].filter(([, count]) => count > limit);
  const crowded = [...counted].filter(([, count]) => count + needed > limit);
  if (crowded.length === 0 || run.inputs.allow.includes('outage')) {
    return new Map(closed.map(([pod, count]) => [pod, count - limit]));
  }
  throw connectionsExceededError(limit, needed, crowded);
}

/**
 * Counts the connections of each server without our own. A server that refuses the connection is full, so it has
 * `before` connections, its old limit. A server that does not answer is left out.
 */
async function countConnections(
  { api, signal }: Pick<Run<unknown>, 'api' | 'signal'>,
  { spec, live, credentials }: PlannedDeployment,
  before: number,
): Promise<ReadonlyMap<string, number>> {
  const { clientTrust, clients } = live.stored;
  const ready = live.pods.filter((pod) => pod.ready && !pod.terminating);
  if (clientTrust === undefined) {
    return new Map();
  }
  const leaf = findClientLeaf({ clients }, credentials.system.user);
  const counts = await Promise.all(
    ready.map(async ({ name }): Promise<readonly (readonly [string, number])[]> => {
      const target = {
        ...buildServerTarget({ api, spec, signal }, name, clientTrust, leaf),
        ...selectSystemUser(credentials),
      };
      const kept = new KeptConnection(target);
      const answer = await kept.ask('VARZ', decodeConnections);
      await kept.close();
      if (answer.ok) return [[name, answer.value - 1]];
      return answer.failure.reason === 'ConnectionRefused' ? [[name, before]] : [];
    }),
  );
  return new Map(counts.flat());
}

function connectionsExceededError(
  limit: number,
  needed: number,
  crowded: readonly (readonly [pod: string, count: number])[],
): ActionError<'CHANGE_FORBIDDEN'> {
  const problems = crowded.map(([pod, count]): ObjectProblem => {
    const message = `max-connections is ${limit}, but ${pod} has ${count} connections, and its verification needs ${needed} more`;
    return { object: 'max-connections', reason: 'ConnectionsExceeded', message };
  });
  const least = Math.max(...crowded.map(([, count]) => count)) + needed;
  return new ActionError('CHANGE_FORBIDDEN', problems.map(({ message }) => message).join('; '), {
    reason: 'ConnectionsExceeded',
    hint: `Set \`max-connections\` to ${least} or more, with capacity for more clients. With \`allow: outage\` the servers close the connections above the limit, whichever clients they belong to. If clients connect again before this action does, it cannot verify the server and undoes the change.`,
    details: { problems },
  });
}

/**
 * Refuses a `max-control-line` that is shorter than the CONNECT line with which a user logs in.
 * @throws ActionError INPUT_INVALID
 */
export function requireRoomToSignIn({ limits }: ClusterSpec, credentials: DeploymentCredentials): void {
  const { maxControlLine } = limits;
  if (maxControlLine === undefined) {
    return;
  }
  const [longest] = listUsers(credentials)
    .map(({ name, shown }) => ({ name, bytes: measureConnectLine(shown) }))
    .toSorted((one, other) => other.bytes - one.bytes);
  if (longest === undefined || longest.bytes <= maxControlLine) {
    return;
  }
  const { name, bytes } = longest;
  throw createInputError([
    {
      input: 'max-control-line',
      message: `got ${maxControlLine} bytes, but ${name} needs up to ${bytes} to log in (the CONNECT line counts); servers would close its connections`,
      correction: `max-control-line: ${bytes}`,
    },
  ]);
}

type NamedUser = { readonly name: string; readonly shown: ClientCredentials };

function listUsers({ client, system, probe, users, systemCredentials, configuration }: DeploymentCredentials) {
  const own = [...listAccepted(client), system, probe, ...users];
  return [
    ...own.map(({ user, password }): NamedUser => ({ name: `user ${user}`, shown: { user, password } })),
    ...(configuration === undefined ? [] : listConfiguredUsers(configuration.tree)),
    ...(systemCredentials === undefined
      ? []
      : [{ name: 'the user of system-credentials', shown: { jwt: systemCredentials.jwt } }]),
  ];
}
