import { formatDate } from '../text/duration-text.ts';
import { code, EMPTY, joinMarkdown, type Markdown, md, table } from '../text/markdown.ts';
import type { Pair } from './tables.ts';

/** The effect of a run that failed or was cancelled. */
export type RunOutcome = {
  /** A sentence about the stage in which the run ended. */
  readonly end: string;
  /** A sentence about whether the NATS cluster can stay as a cancelled run left it. */
  readonly safety: string;
  /** Whether the run began to apply or to delete objects. */
  readonly hasBegun: boolean;
  /** The objects that the run is known to have changed, as `Kind/name`. */
  readonly changed: readonly string[];
  /** The value of `rollback-on-failure`; undefined for a command that never rolls back. */
  readonly hasRollback: boolean | undefined;
  /** The last successful verification from outside before this run; undefined when none is known. */
  readonly verified: { readonly at: string; readonly by: string } | undefined;
};

/** A pod of a server. */
export type ServerPod = {
  readonly name: string;
  readonly ready: boolean;
  readonly controllerRevision: string | undefined;
};

type EndedRun = { readonly command: string; readonly outcome: RunOutcome };

/** The servers as they were last observed. `pairs` lacks the servers that did not answer. */
type ObservedServers = {
  readonly servers: readonly string[];
  readonly pairs: readonly Pair[];
  readonly pods: readonly ServerPod[];
};

const MAX_PODS = 30;
/** The largest number of servers that a sentence names. */
const MAX_NAMES = 9;
/** The commands that change a NATS cluster. For these commands, the report also states that a run changed nothing. */
const WRITERS: readonly string[] = ['deploy', 'rotate'];

/**
 * Returns the state after a cancelled run: whether the NATS cluster can stay as it is, and the revision of each pod.
 */
export function renderState(outcome: RunOutcome | undefined, pods: readonly ServerPod[] = []): Markdown {
  const rows = pods
    .slice(0, MAX_PODS)
    .map(({ name, ready, controllerRevision = 'unknown' }) => [
      code(name),
      code(controllerRevision),
      ready ? 'ready' : 'not ready',
    ]);
  const safety = outcome === undefined ? EMPTY : md`**Safe to leave:** ${outcome.safety}\n`;
  return joinMarkdown(
    [safety, table(['pod', 'revision', 'state'], rows)].filter(({ isEmpty }) => !isEmpty),
    '\n',
  );
}

/** Returns the impact of a failure: the connected servers, the ready pods, and the changes of this run. */
export function renderImpact(run: EndedRun | undefined, servers: ObservedServers | undefined): Markdown {
  const sentences = [
    ...(servers === undefined ? [] : renderServers(servers)),
    ...(run === undefined ? [] : renderOutcome(run)),
  ];
  return sentences.length === 0 ? EMPTY : md`**Impact:** ${sentences.join(' ')}\n`;
}

function renderServers({ servers, pairs, pods }: ObservedServers): readonly string[] {
  const { length } = servers;
  const connected = findConnected(servers, pairs);
  const cutOff = pairs.length === 0 ? [] : servers.filter((server) => !connected.includes(server));
  const ready = pods.filter((pod) => pod.ready).length;
  const why = cutOff.length > 0 && ready === length ? ', so Kubernetes does not restart any' : '';
  const names = cutOff.length <= MAX_NAMES ? cutOff.join(', ') : `${cutOff.length} servers`;
  return [
    ...(pairs.length === 0 || length < 2 ? [] : renderConnected(connected.length, length)),
    ...(cutOff.length === 0 || connected.length < 2 ? [] : [`Not connected to the others: ${names}.`]),
    ...(pods.length === 0 ? [] : [`${ready} of ${length} pods are ready${why}.`]),
  ];
}

function renderConnected(connected: number, servers: number): readonly string[] {
  if (connected < 2) return [`None of the ${servers} servers is connected to another one.`];
  return [`${connected} of ${servers} servers are connected to each other.`];
}

/**
 * Returns the largest group of servers that reach each other, directly or through other servers of the group. Two
 * servers are linked only if both report the route.
 */
function findConnected(servers: readonly string[], pairs: readonly Pair[]): readonly string[] {
  const routes = new Set(pairs.filter(({ connections }) => connections > 0).map(({ from, to }) => `${from} ${to}`));
  const isLinked = (one: string, other: string): boolean =>
    routes.has(`${one} ${other}`) && routes.has(`${other} ${one}`);
  let largest: readonly string[] = [];
  const left = new Set(servers);
  for (const start of servers) {
    if (!left.delete(start)) continue;
    const group = [start];
    for (const member of group) {
      const found = [...left].filter((server) => isLinked(member, server));
      found.forEach((server) => left.delete(server));
      group.push(...found);
    }
    if (group.length > largest.length) largest = group;
  }
  return largest;
}

function renderOutcome({ command, outcome }: EndedRun): readonly string[] {
  const { hasBegun, changed, hasRollback, verified } = outcome;
  const count = `${changed.length} object${changed.length === 1 ? '' : 's'}`;
  const known = changed.length === 0 ? [] : [`This run changed ${count}.`];
  // A run that has not begun to apply objects can have created the namespace, but nothing else.
  const early = changed.length === 0 ? 'changed nothing' : `created ${changed.join(', ')} and changed nothing else`;
  return [
    ...(hasBegun || !WRITERS.includes(command) ? known : [`This run ${early}.`]),
    ...(hasBegun && hasRollback === false ? ['Nothing is rolled back, because `rollback-on-failure` is off.'] : []),
    ...(verified === undefined
      ? []
      : [`The last successful verification was at ${formatDate(new Date(verified.at))}, by ${verified.by}.`]),
  ];
}
