import { SERVER_CONTAINER } from '../cluster/names.ts';
import { type Cause, type Facts, type PodFacts, selectEvents, shorten } from './facts.ts';

/** A server repeats its message each second. A message that lasts this long is not only caused by the start. */
const PATIENCE_MS = 4000;
/** The time in which servers that start together assign and recover their streams. */
const SETTLING_PATIENCE_MS = 15_000;
/**
 * The number of failures after which a server is past its start, because probes run each second
 * (`manifests/server-container.ts`).
 */
const FEWEST_FAILURES = 4;

type Rule = {
  readonly pattern: RegExp;
  readonly reason: string;
  /**
   * Returns the hint. `named` contains the quoted names of the text: an account, or an account, a stream and a
   * consumer.
   */
  readonly hint: (named: readonly string[], facts: Facts, pod: PodFacts) => string;
  /** The time after which the cause is fatal; undefined if the server may still recover by itself. */
  readonly fatalAfterMs: number | undefined;
};

const RUN_AGAIN = 'then run the job again.';

/**
 * The texts of `HEALTHZ` and `/healthz` (nats-server `server/monitor.go`, `healthz`; `server/jetstream_cluster.go`).
 */
const RULES: readonly Rule[] = [
  {
    pattern: /could not be recovered/,
    reason: 'StreamNotRecovered',
    fatalAfterMs: PATIENCE_MS,
    hint: ([account = '', stream = ''], { replicas }, { name }) =>
      `The files of stream ${stream} of account ${account} on the volume of ${name} cannot be read. ${
        replicas === 1
          ? `Restore the volume from a backup; or, if this stream may be lost, remove its folder jetstream/${account}/streams/${stream} from the volume, and delete the pod`
          : 'Restore the volume from a backup; or, if other servers hold replicas of the stream, delete the claim and the pod of this server'
      }, ${RUN_AGAIN}`,
  },
  {
    pattern: /assignment error: JetStream not enabled for account/,
    reason: 'AccountWithoutJetStream',
    fatalAfterMs: SETTLING_PATIENCE_MS, // `deploy` restarts such a server before this time.
    hint: ([account = '', stream = '']) =>
      `Stream ${stream} belongs to account ${account}, for which JetStream has not been enabled since this server started. nats-server enables it for $G only while \`config\` defines no account of its own. Enable JetStream for the account in \`config\` (\`jetstream: enabled\`), or take the accounts out of \`config\`, ${RUN_AGAIN}`,
  },
  {
    pattern: /assignment error: /,
    reason: 'StreamAssignmentFailed',
    fatalAfterMs: SETTLING_PATIENCE_MS,
    hint: ([account = '', stream = '']) =>
      `The server cannot run stream ${stream} of account ${account}. Compare the limits of the account and of the servers (\`jetstream-storage\`, \`jetstream-memory\`) with what the stream needs, ${RUN_AGAIN}`,
  },
  {
    pattern: /(?:write|apply) error: /,
    reason: 'JetStreamWriteFailed',
    fatalAfterMs: PATIENCE_MS,
    hint: (_, __, { name }) =>
      `The server cannot write to its volume. Free space on the volume of ${name}, or repair the volume, ${RUN_AGAIN}`,
  },
  {
    pattern: /JetStream meta layer is not running/,
    reason: 'MetaLayerStopped',
    fatalAfterMs: SETTLING_PATIENCE_MS,
    hint: (_, __, { name }) => `The JetStream of ${name} has stopped; its log says why. Correct that, ${RUN_AGAIN}`,
  },
  {
    pattern: /^JetStream (?:account|can not lookup account) /,
    reason: 'AccountUnresolved',
    fatalAfterMs: SETTLING_PATIENCE_MS,
    hint: ([account = '']) =>
      `The volume holds streams of account ${account}, which the servers do not know. Define the account in \`config\` again, ${RUN_AGAIN}`,
  },
  {
    pattern: /JetStream not enabled|has not been enabled/,
    reason: 'JetStreamOff',
    fatalAfterMs: SETTLING_PATIENCE_MS,
    hint: (_, __, { name }) =>
      `JetStream of ${name} was turned off by an error; its log says which. Correct that, ${RUN_AGAIN}`,
  },
  {
    pattern: /has not established contact with a meta leader/,
    reason: 'NoMetaLeader',
    fatalAfterMs: undefined,
    hint: (_, { replicas }) =>
      replicas === 1
        ? 'JetStream of a single server waits for others: `config` joins it to a cluster or to gateways. Take that out of `config`, or deploy more servers.'
        : 'More than half of the JetStream servers must reach each other to elect a meta leader, including those of clusters that `config` joins by gateways. Look at which servers are missing.',
  },
  {
    pattern: /is not current|still recovering|not current with the meta leader/,
    reason: 'CatchingUp',
    fatalAfterMs: undefined,
    hint: () =>
      'The server still copies streams from the other servers. Large streams take longer: set a longer `timeout`.',
  },
];

/** Returns the reasons why servers answer their probes with an error, in the words of their logs. */
export function findHealthCauses(facts: Facts): readonly Cause[] {
  return facts.pods.flatMap((pod) => {
    const failed = findRefusedProbe(facts, pod);
    const logged = failed === undefined ? undefined : findLastHealth(facts, pod);
    if (failed === undefined || logged === undefined) return [];
    const { reason, hint, fatalAfterMs } = explainHealth(logged.text, facts, pod);
    return {
      code: 'ROLLOUT_STALLED',
      reason,
      object: `Pod/${pod.name}`,
      message: `pod ${pod.name} runs but is not ready: ${shorten(logged.text)}`,
      evidence: [`${pod.name}: ${shorten(logged.line)}`],
      hint,
      fatal: fatalAfterMs !== undefined && logged.isFresh,
      patienceMs: fatalAfterMs ?? 0,
    } satisfies Cause;
  });
}

/** Returns the event of a probe that a running server has answered with an error several times. */
export function findRefusedProbe(
  facts: Pick<Facts, 'events'>,
  pod: PodFacts,
): { readonly message: string } | undefined {
  const isRunning = pod.containers.some(
    ({ name, state, ready }) => name === SERVER_CONTAINER && state.kind === 'running' && !ready,
  );
  const failed = selectEvents(facts, 'Pod', pod).findLast(({ reason }) => reason === 'Unhealthy');
  const isRefused = failed !== undefined && /statuscode: 5\d\d/.test(failed.message);
  return isRunning && !pod.terminating && isRefused && failed.count >= FEWEST_FAILURES ? failed : undefined;
}

type LoggedHealth = { readonly text: string; readonly line: string; readonly isFresh: boolean };

/** Returns the last reason that the server logged for an unhealthy answer (`Healthcheck failed: "…"`). */
function findLastHealth({ logs }: Facts, { name }: PodFacts): LoggedHealth | undefined {
  const log = logs.find(
    ({ pod, container, run }) => pod === name && container === SERVER_CONTAINER && run === 'current',
  );
  const index = log?.lines.findLastIndex((line) => line.includes(MARK)) ?? -1;
  const line = log?.lines[index];
  if (log === undefined || line === undefined) return undefined;
  const text = line.slice(line.indexOf(MARK) + MARK.length).trim();
  return { text: removeQuotes(text), line: line.trim(), isFresh: index >= log.freshFrom };
}

const MARK = 'Healthcheck failed: ';

/** Parses a string that Go's `%q` wrote. Other text is returned unchanged. */
function removeQuotes(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : text;
  } catch {
    return text.replaceAll(/^"|"$/g, ''); // Escapes that JSON does not know are shown unchanged.
  }
}

function explainHealth(text: string, facts: Facts, pod: PodFacts) {
  const rule = RULES.find(({ pattern }) => pattern.test(text));
  if (rule !== undefined) {
    const { reason, fatalAfterMs, hint } = rule;
    return { reason, fatalAfterMs, hint: hint(listQuotedNames(text), facts, pod) };
  }
  return {
    reason: 'NotHealthy',
    fatalAfterMs: undefined,
    hint: `Correct the problem that the server names, ${RUN_AGAIN}`,
  };
}

/** Returns the parts of the first quoted name, as in `'$G > ORDERS'` or `"HR"`. */
function listQuotedNames(text: string): readonly string[] {
  const [, quoted = ''] = text.split(text.includes("'") ? "'" : '"', 2);
  return quoted.split(' > ', 3);
}
