import { findCauses, keyOf } from '../../causes/causes.ts';
import type { Cause, CauseCode, LogFacts } from '../../causes/facts.ts';
import type { ActionError } from '../../errors/action-error.ts';
import type { ServerPair } from '../../nats/mesh/observation.ts';
import { type MeshProblem, missingPairs } from '../../nats/mesh/observation.ts';
import type { Node } from '../../objects/node.ts';
import { decodeEvent, type Event, type Pod } from '../../objects/pod.ts';
import { buildCauseError, findPodFailure } from '../pods/pods.ts';
import { collectFacts, type DiagnosisAccess } from './diagnosis.ts';

/** The time before the first look, unless a pod has failed: a state that is fine a second later costs no request. */
const QUIET_MS = 1000;
const LOOK_EVERY_MS = 700;
/**
 * The time within which servers that start at the same time have their routes. Before it ends, no log has to be read.
 */
const ROUTES_QUIET_MS = 1000;

export type FailFast = {
  /**
   * Checks a round that did not pass. The caller passes the problems of every such round. The check itself sends no
   * request to the API server: it begins a look when one is due, and returns the finding of the last look.
   */
  readonly check: (pods: readonly Pod[], problems: readonly MeshProblem[]) => ActionError<CauseCode> | undefined;
  /** Drops the finding, so that only causes seen from now on count. */
  readonly forgive: () => void;
  /** Stops a look under way. */
  readonly close: () => Promise<void>;
};

export type FailFastOptions = DiagnosisAccess & {
  readonly now: () => number;
  /**
   * The time at which the run began to write the awaited state. An event that occurs later is not about a problem that
   * was solved long ago.
   */
  readonly newSince: number;
};

/** Creates the check that ends a wait early when waiting cannot help. Times are milliseconds since the epoch. */
export function createFailFast({ now, newSince, ...terms }: FailFastOptions): FailFast {
  const closing = new AbortController();
  const signal = AbortSignal.any([terms.signal, closing.signal]);
  const began = now();
  let lasting = createLasting();
  let look: Looking | undefined;
  let lookedAt: number | undefined;
  let looking: Promise<void> | undefined;
  let found: Cause | undefined;
  let missingSince: number | undefined;
  let wasMissed = false;
  return {
    check: (pods, problems) => {
      const missing = missingPairs(problems);
      missingSince = missing.length === 0 ? undefined : (missingSince ?? now());
      const isMissed = missingSince !== undefined && now() - missingSince >= ROUTES_QUIET_MS;
      look ??= createLook({ ...terms, now, signal }, newSince);
      const isNews = isMissed && !wasMissed;
      const isDue = now() - began >= QUIET_MS && (isNews || now() - (lookedAt ?? 0) >= LOOK_EVERY_MS);
      const isFailed = lookedAt === undefined && pods.some((pod) => findPodFailure(pod) !== undefined);
      if (looking === undefined && (isDue || isFailed)) {
        lookedAt = now();
        wasMissed = isMissed;
        looking = look(pods, isMissed ? missing : [])
          .then((causes) => {
            found = signal.aborted ? undefined : lasting(causes, now());
          })
          .finally(() => {
            looking = undefined;
          });
      }
      return found === undefined ? undefined : buildCauseError(found);
    },
    forgive: () => {
      found = undefined;
      lasting = createLasting();
    },
    close: async () => {
      closing.abort();
      await looking;
    },
  };
}

type Looking = (pods: readonly Pod[], pairs: readonly ServerPair[]) => Promise<readonly Cause[]>;

/**
 * Creates a look for causes that waiting cannot resolve. It reports the causes that are new since the wait began and
 * since the last look.
 */
function createLook(terms: DiagnosisAccess & { readonly now: () => number }, newSince: number): Looking {
  const before = countEvents(terms);
  const tails = new Map<string, string>();
  const nodes = createReadyNodes(terms.now);
  return async (pods, pairs) => {
    const counts = await before;
    const facts = await collectFacts(terms, {
      pods,
      missingPairs: pairs,
      isFresh: (event) => isFresh(event, counts, newSince),
      findFirstFreshLine: (log) => freshFrom(log, tails),
      knownNodes: nodes.known(),
      sawNodes: nodes.saw,
    });
    return findCauses(facts).filter(({ fatal }) => fatal);
  };
}

/**
 * The time for which a Ready node is not read again. The control plane takes most of a minute to report a lost node.
 */
const NODE_FRESH_MS = 2000;

/** Creates a record of the nodes that were Ready when they were last read, for as long as that counts. */
function createReadyNodes(now: () => number) {
  const seen = new Map<string, { readonly node: Node; readonly at: number }>();
  return {
    known: (): readonly Node[] =>
      [...seen.values()].filter(({ at }) => now() - at < NODE_FRESH_MS).map(({ node }) => node),
    saw: (nodes: readonly Node[]): void => {
      for (const node of nodes) {
        if (node.ready) seen.set(node.name, { node, at: now() });
        else seen.delete(node.name);
      }
    },
  };
}

/**
 * The longest gap between two sightings of one cause. Servers log a refused route whenever one of the two dials again:
 * every 1.0 to 1.1 s (`reConnectToRoute`). One such line may be lost between two looks.
 */
const GAP_MS = 2500;

type Seen = { readonly patienceMs: number; readonly firstAt: number; readonly lastAt: number };

/**
 * Creates a function that returns the first cause that has been seen repeatedly for its `selectPatienceMs`. It returns
 * undefined while a cause with less patience is about to become certain, because that cause explains more.
 */
function createLasting(): (causes: readonly Cause[], at: number) => Cause | undefined {
  let seen: ReadonlyMap<string, Seen> = new Map();
  let lookedAt = 0;
  return (causes, at) => {
    // However long a look takes, the causes of the look before it count as seen all the time.
    const recent = [...seen].filter(([, { lastAt }]) => lastAt === lookedAt || at - lastAt <= GAP_MS);
    lookedAt = at;
    const before = new Map(recent);
    const firstAt = (cause: Cause): number => before.get(keyOf(cause))?.firstAt ?? at;
    const now = causes.map(
      (cause) => [keyOf(cause), { patienceMs: cause.patienceMs, firstAt: firstAt(cause), lastAt: at }] as const,
    );
    seen = new Map([...recent, ...now]);
    const certain = causes.find((cause) => at - firstAt(cause) >= cause.patienceMs);
    const isPreceded = [...seen.values()].some(
      ({ patienceMs, firstAt: since }) => patienceMs < (certain?.patienceMs ?? 0) && at - since < patienceMs,
    );
    return isPreceded ? undefined : certain;
  };
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
 * Checks whether an event is fresh. Its count decides, because the clocks of nodes and runner may differ. Its time
 * decides if it occurred before the first look, because some events are repeated only after 15 s. Most events have a
 * precision of one second, so the whole second counts for an event that is new.
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
 * Returns the index of the first new line. The lines that were in the log at the first look may be about events of long
 * ago.
 */
function freshFrom({ pod, container, run, lines }: LogFacts, tails: Map<string, string>): number {
  const key = `${pod} ${container} ${run}`;
  const last = tails.get(key);
  tails.set(key, lines.at(-1) ?? '');
  return last === undefined ? lines.length : lines.lastIndexOf(last) + 1;
}
