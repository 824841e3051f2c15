import { readSecret } from './live-cluster.ts';
import { type Load, type LoadReport, type LoadTarget, startLoad } from './load.ts';
import type { TestNamespace } from './namespace.ts';
import { readLoadConnections } from './rotation-state.ts';
import type { ServerReach } from './server-reach.ts';

export const PODS = ['nats-0', 'nats-1', 'nats-2'] as const;

const RATE_PER_SECOND = 400;

export type ClusterLoad = {
  /** The connections, named as `readLoadConnections` names them. */
  readonly connections: readonly string[];
  /** Sets the event to which the report assigns losses from now on. */
  readonly mark: (event: string) => void;
  /** Stops the load. The report is the same each time. */
  readonly stop: () => Promise<ClusterLoadReport>;
};

export type ClusterLoadReport = {
  readonly perSecond: number;
  /**
   * One line for the publisher and for each subscriber that lost messages, received a message twice or was
   * disconnected.
   */
  readonly trouble: readonly string[];
};

type Mark = { readonly sent: number; readonly event: string };

/** A client with a password. */
export type ClusterClient = LoadTarget & Required<Pick<LoadTarget, 'credentials'>>;

/** Returns a client of one server of deployment `nats`, with the current content of the client Secret. */
export async function startClient(space: TestNamespace, reach: ServerReach, pod: string): Promise<ClusterClient> {
  const { username: user = '', password = '', 'ca.crt': trust = '' } = await readSecret(space, 'nats-client');
  const serverName = `${pod}.${space.name}.svc`;
  return { dial: async () => await reach.dial(pod, 4222), trust, serverName, credentials: { user, password } };
}

/** Starts a publisher on the first of three servers, and a subscriber on each of them. */
export async function startClusterLoad(
  space: TestNamespace,
  reach: ServerReach,
  subject: string,
): Promise<ClusterLoad> {
  const others = await readLoadConnections(space);
  const publisher = await startClient(space, reach, PODS[0]);
  const subscribers = await Promise.all(PODS.map(async (pod) => await startClient(space, reach, pod)));
  const load: Load = await startLoad({ publisher, subscribers, subject, ratePerSecond: RATE_PER_SECOND });
  const marks: Mark[] = [];
  return {
    connections: (await readLoadConnections(space)).filter((connection) => !others.includes(connection)),
    mark: (event) => void marks.push({ sent: load.sent(), event }),
    stop: async () => reportOf(await load.stop(), marks),
  };
}

function reportOf({ perSecond, publisher, subscribers }: LoadReport, marks: readonly Mark[]): ClusterLoadReport {
  const during = (number: number): string => marks.findLast(({ sent }) => sent < number)?.event ?? 'its start';
  const trouble = subscribers.flatMap(({ lost, missing, duplicates, disconnects }, index) => {
    const when = [...new Set(missing.map(during))].join(', ');
    return lost + duplicates + disconnects === 0
      ? []
      : [`on ${PODS[index]}: ${lost} lost (${when}), ${duplicates} twice, ${disconnects} disconnects`];
  });
  const { disconnects } = publisher;
  return { perSecond, trouble: [...trouble, ...(disconnects === 0 ? [] : [`publisher: ${disconnects} disconnects`])] };
}
