import { type Decoded, decodeAnswer } from './decoder.ts';
import type { MeshProblem } from './observation.ts';

/**
 * The health of a server. `problem` is the reason why the server is not healthy, for example streams that it has yet to
 * recover; undefined for a healthy server.
 */
export type Health = { readonly problem: string | undefined };

const SHOWN_LENGTH = 200;

/** Decodes the answer of `$SYS.REQ.SERVER.<id>.HEALTHZ` (nats-server `server/monitor.go`, `type HealthStatus`). */
export function decodeHealthz(answer: unknown): Decoded<Health> {
  return decodeAnswer(answer, (fields) => {
    const status = fields.text('status');
    const error = fields.optionalText('error')?.slice(0, SHOWN_LENGTH);
    return { problem: status === 'ok' ? undefined : (error ?? status.slice(0, SHOWN_LENGTH)) };
  });
}

/** One replica of a stream, as the leader of the stream reports it. */
export type StreamReplica = {
  /** The `server_name` of the server that holds the replica. */
  readonly server: string;
  readonly stream: string;
  readonly account: string;
  /** Whether the leader heard of the replica lately, and the replica has all that the leader applied. */
  readonly isCurrent: boolean;
  readonly isOffline: boolean;
};

/** The replicas of the streams that one server leads, and the number of messages that the server stores. */
export type LedStreams = {
  readonly replicas: readonly StreamReplica[];
  /** The number of all messages of the server; it grows while the server catches up. */
  readonly messages: number;
};

/**
 * Decodes the answer of `$SYS.REQ.SERVER.<id>.JSZ` to `EVERY_STREAM` (nats-server `server/monitor.go`, `type JSInfo`).
 * Every server lists the replicas of the streams it holds, but only the leader of a stream knows whether the replicas
 * are up to date.
 */
export function decodeLedStreams(serverName: string): (answer: unknown) => Decoded<LedStreams> {
  return (answer) =>
    decodeAnswer(answer, (fields) => ({
      messages: fields.optionalInteger('messages') ?? 0,
      replicas: fields.optionalObjects('account_details').flatMap((account) =>
        account.optionalObjects('stream_detail').flatMap((stream) => {
          const cluster = stream.optionalObject('cluster');
          if (cluster?.optionalText('leader') !== serverName) return [];
          return cluster.optionalObjects('replicas').map((replica): StreamReplica => {
            const server = replica.optionalText('name') ?? '';
            const [isCurrent, isOffline] = [replica.flag('current'), replica.flag('offline')];
            return { server, stream: stream.text('name'), account: account.text('id'), isCurrent, isOffline };
          });
        }),
      ),
    }));
}

/** The health that one server reports; `unanswered` is the reason why it did not answer. */
export type HealthAnswer =
  | { readonly server: string; readonly unanswered: string }
  | {
      readonly server: string;
      /** The problem as HEALTHZ reports it; undefined for a healthy server. */
      readonly problem: string | undefined;
      /** The streams that the server leads; undefined without JetStream. */
      readonly led: LedStreams | undefined;
    };

/** Returns the key of a replica of a stream. */
export function replicaKey({ account, stream, server }: StreamReplica): string {
  return `${account} ${stream} ${server}`;
}

/**
 * Returns the problems that make it unsafe to replace a server: a server that is not healthy, and a replica that is
 * offline or has not caught up. Under load, a replica is sometimes behind the leader for a moment, so a replica counts
 * as current if an earlier answer showed it as current (`seenCurrent`).
 */
export function findHealthProblems(
  answers: readonly HealthAnswer[],
  seenCurrent: ReadonlySet<string>,
): readonly MeshProblem[] {
  return answers.flatMap((one): readonly MeshProblem[] => {
    const problem = (from: string, message: string, reason: MeshProblem['reason']): MeshProblem => {
      return { from, to: undefined, reason, message: `${from}: ${message}` };
    };
    if ('unanswered' in one) {
      return [problem(one.server, `did not answer the health check: ${one.unanswered}`, 'NotHealthy')];
    }
    const behind = (one.led?.replicas ?? []).filter(
      (replica) => replica.isOffline || !(replica.isCurrent || seenCurrent.has(replicaKey(replica))),
    );
    const servers = [...new Set(behind.map(({ server }) => server))];
    return [
      ...(one.problem === undefined ? [] : [problem(one.server, `is not healthy: ${one.problem}`, 'NotHealthy')]),
      ...servers.map((server) => {
        const streams = behind.filter((replica) => replica.server === server);
        return problem(server, describeReplicas(streams), 'StreamBehind');
      }),
    ];
  });
}

const NAMED = 3;

function describeReplicas(replicas: readonly StreamReplica[]): string {
  const names = replicas.slice(0, NAMED).map(({ account, stream }) => `${account}/${stream}`);
  const others = replicas.length - names.length;
  return `holds replicas of streams that are not current: ${[...names, ...(others > 0 ? [`and ${others} more`] : [])].join(', ')}`;
}
