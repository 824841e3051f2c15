import { findCauses, LastingCauses } from '../../causes/causes.ts';
import type { Cause, CauseCode, LogFacts } from '../../causes/facts.ts';
import type { ActionError } from '../../errors/action-error.ts';
import type { ServerPair } from '../../nats/mesh/observation.ts';
import { findMissingPairs, type MeshProblem } from '../../nats/mesh/observation.ts';
import type { Node } from '../../objects/node.ts';
import { decodeEvent, type Event, type Pod } from '../../objects/pod.ts';
import { buildCauseError, findPodFailure } from '../pods/pods.ts';
import { collectFacts, type DiagnosisAccess } from './diagnosis.ts';

/** The time before the first look, unless a pod has failed. A problem that is solved within it costs no request. */
const QUIET_MS = 1000;
const LOOK_EVERY_MS = 700;
/**
 * The time within which servers that start at the same time connect their routes. No log is read before it ends.
 */
const ROUTES_QUIET_MS = 1000;

export type FailFastOptions = DiagnosisAccess & {
  readonly now: () => number;
  /**
   * The time at which the run began to write the awaited state. An event that occurs later is not about a problem that
   * was solved long ago.
   */
  readonly newSince: number;
};

/** The check that ends a wait early when waiting cannot help. Times are milliseconds since the epoch. */
export class FailFast {
  readonly #now: () => number;
  readonly #began: number;
  readonly #closing = new AbortController();
  readonly #signal: AbortSignal;
  readonly #look: Look;
  #lasting = new LastingCauses();
  #lookedAt: number | undefined;
  #looking: Promise<void> | undefined;
  #found: Cause | undefined;
  #missingSince: number | undefined;
  #wasMissed = false;

  constructor({ now, newSince, ...access }: FailFastOptions) {
    this.#now = now;
    this.#began = now();
    this.#signal = AbortSignal.any([access.signal, this.#closing.signal]);
    this.#look = new Look({ ...access, signal: this.#signal }, now, newSince);
  }

  /**
   * Checks a round that did not pass. The caller passes the problems of every such round. The check itself sends no
   * request to the API server: it begins a look when one is due, and returns the finding of the last look.
   */
  check(pods: readonly Pod[], problems: readonly MeshProblem[]): ActionError<CauseCode> | undefined {
    const now = this.#now();
    const missingPairs = findMissingPairs(problems);
    this.#missingSince = missingPairs.length === 0 ? undefined : (this.#missingSince ?? now);
    const isMissed = this.#missingSince !== undefined && now - this.#missingSince >= ROUTES_QUIET_MS;
    this.#look.begin();
    if (this.#looking === undefined && this.#isDue(pods, isMissed && !this.#wasMissed)) {
      this.#lookedAt = now;
      this.#wasMissed = isMissed;
      this.#looking = this.#lookAt(pods, isMissed ? missingPairs : []);
    }
    return this.#found === undefined ? undefined : buildCauseError(this.#found);
  }

  /** Drops the finding, so that only causes seen from now on count. */
  forgive(): void {
    this.#found = undefined;
    this.#lasting = new LastingCauses();
  }

  /** Stops a look under way. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#looking;
  }

  #isDue(pods: readonly Pod[], isNews: boolean): boolean {
    const now = this.#now();
    const isDue = now - this.#began >= QUIET_MS && (isNews || now - (this.#lookedAt ?? 0) >= LOOK_EVERY_MS);
    return isDue || (this.#lookedAt === undefined && pods.some((pod) => findPodFailure(pod) !== undefined));
  }

  async #lookAt(pods: readonly Pod[], missingPairs: readonly ServerPair[]): Promise<void> {
    try {
      const causes = await this.#look.readCauses(pods, missingPairs);
      this.#found = this.#signal.aborted ? undefined : this.#lasting.add(causes, this.#now());
    } finally {
      this.#looking = undefined;
    }
  }
}

/** Reads the facts repeatedly, and finds the causes that are new since the wait began and since the last look. */
class Look {
  readonly #access: DiagnosisAccess;
  readonly #newSince: number;
  readonly #nodes: ReadyNodes;
  /** The last line of each log. */
  readonly #tails = new Map<string, string>();
  #counts: Promise<ReadonlyMap<string, number>> | undefined;

  constructor(access: DiagnosisAccess, now: () => number, newSince: number) {
    this.#access = access;
    this.#newSince = newSince;
    this.#nodes = new ReadyNodes(now);
  }

  /** Begins to count the events that occurred before, if that has not begun yet. */
  begin(): void {
    this.#counts ??= countEvents(this.#access);
  }

  async readCauses(pods: readonly Pod[], pairs: readonly ServerPair[]): Promise<readonly Cause[]> {
    const counts = await this.#counts;
    const facts = await collectFacts(this.#access, {
      pods,
      missingPairs: pairs,
      isFresh: (event) => isFresh(event, counts, this.#newSince),
      findFirstFreshLine: (log) => findFreshLine(log, this.#tails),
      knownNodes: this.#nodes.list(),
      sawNodes: (nodes) => this.#nodes.record(nodes),
    });
    return findCauses(facts).filter(({ fatal }) => fatal);
  }
}

/**
 * The time for which a Ready node is not read again. The control plane takes most of a minute to report a node as
 * NotReady.
 */
const NODE_FRESH_MS = 2000;

/** The nodes that were Ready when they were last read. Each one counts for `NODE_FRESH_MS`. */
class ReadyNodes {
  readonly #now: () => number;
  readonly #seen = new Map<string, { readonly node: Node; readonly at: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  list(): readonly Node[] {
    const fresh = [...this.#seen.values()].filter(({ at }) => this.#now() - at < NODE_FRESH_MS);
    return fresh.map(({ node }) => node);
  }

  record(nodes: readonly Node[]): void {
    for (const node of nodes) {
      if (node.ready) this.#seen.set(node.name, { node, at: this.#now() });
      else this.#seen.delete(node.name);
    }
  }
}

/** Counts how often each event had occurred when the wait began. */
async function countEvents({ api, spec, signal }: DiagnosisAccess): Promise<ReadonlyMap<string, number>> {
  try {
    const { objects } = await api.list('Event', { namespace: spec.namespace }, signal);
    return new Map(objects.map(decodeEvent).map(({ uid, count }) => [uid, count]));
  } catch {
    return new Map(); // Each look notes for itself that events cannot be read.
  }
}

const SECOND_MS = 1000;

/**
 * Checks whether an event occurred since the run began to write. A count that rose since the first look is enough,
 * because the clocks of nodes and runner may differ. The time decides about an event from before the first look,
 * because some events are repeated only after 15 s. The first time of an event counts from the start of its second,
 * because most events have a precision of one second.
 */
function isFresh(
  { uid, count, firstSeen, lastSeen }: Event,
  before: ReadonlyMap<string, number> | undefined,
  newSince: number,
): boolean {
  const second = Math.floor(newSince / SECOND_MS) * SECOND_MS;
  return (
    count > (before?.get(uid) ?? 0) || Date.parse(lastSeen ?? '') >= newSince || Date.parse(firstSeen ?? '') >= second
  );
}

/**
 * Returns the index of the first new line. No line of the first look is new, because those lines may be old.
 */
function findFreshLine({ pod, container, run, lines }: LogFacts, tails: Map<string, string>): number {
  const key = `${pod} ${container} ${run}`;
  const last = tails.get(key);
  tails.set(key, lines.at(-1) ?? '');
  return last === undefined ? lines.length : lines.lastIndexOf(last) + 1;
}
