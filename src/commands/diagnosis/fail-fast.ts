import { type Cause, type CauseCode } from '../../diagnosis/cause.ts';
import { causeKey, causesOf } from '../../diagnosis/causes.ts';
import type { LogFacts, ServerPair } from '../../diagnosis/facts.ts';
import type { ActionError } from '../../errors.ts';
import { decodeEvent, type Event } from '../../kubernetes/objects/event.ts';
import type { Node } from '../../kubernetes/objects/node.ts';
import type { Pod } from '../../kubernetes/objects/pod.ts';
import type { MeshProblem } from '../../nats/mesh/observation.ts';
import { missingPairs } from '../gate/missing-pairs.ts';
import { causeError, podFailure } from '../gate/pod-failure.ts';
import { collectFacts, type DiagnosisTerms } from './diagnosis.ts';

/** What is well a second later costs no request. */
const QUIET_MS = 1000;
const LOOK_EVERY_MS = 700;
/** Servers that came up at the same time have their routes within this, and then nobody's log has to be read. */
const ROUTES_QUIET_MS = 1000;

export type FailFast = {
  /**
   * To be called in every round that did not pass, with its problems. Asks nothing of the API server itself: it
   * begins a look when one is due, and tells what the last one found.
   */
  readonly check: (pods: readonly Pod[], problems: readonly MeshProblem[]) => ActionError<CauseCode> | undefined;
  /** Takes back what was found: only what is seen from now on counts. */
  readonly forgive: () => void;
  /** Ends a look under way. */
  readonly close: () => Promise<void>;
};

export type FailFastTerms = DiagnosisTerms & {
  readonly now: () => number;
  /** When the run began to write what is waited for: what is told of later is not long healed. */
  readonly newSince: number;
};

/** Ends a wait for what no waiting heals. Times in milliseconds since the epoch. */
export function createFailFast({ now, newSince, ...terms }: FailFastTerms): FailFast {
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
      const isFailed = lookedAt === undefined && pods.some((pod) => podFailure(pod) !== undefined);
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
      return found === undefined ? undefined : causeError(found);
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

/** Looks for what waiting cannot heal, and tells what is new since the wait began and since the last look. */
function createLook(terms: DiagnosisTerms & { readonly now: () => number }, newSince: number): Looking {
  const before = eventCounts(terms);
  const tails = new Map<string, string>();
  const nodes = createReadyNodes(terms.now);
  return async (pods, pairs) => {
    const counts = await before;
    const facts = await collectFacts(terms, {
      pods,
      missingPairs: pairs,
      isFresh: (event) => isFresh(event, counts, newSince),
      freshFrom: (log) => freshFrom(log, tails),
      knownNodes: nodes.known(),
      sawNodes: nodes.saw,
    });
    return causesOf(facts).filter(({ fatal }) => fatal);
  };
}

/** The control plane takes most of a minute to call a node lost. */
const NODE_FRESH_MS = 2000;

/** The nodes that were Ready when they were last read, for as long as that counts. */
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
 * Servers tell of a route that is refused whenever one of the two dials again: every 1.0 to 1.1 s (`reConnectToRoute`),
 * of which one may be lost between two looks.
 */
const GAP_MS = 2500;

type Seen = { readonly patienceMs: number; readonly firstAt: number; readonly lastAt: number };

/**
 * The first cause that has been seen again and again for its `patienceMs`; not yet while one that takes less to be
 * certain is about to be, for it says more of why.
 */
function createLasting(): (causes: readonly Cause[], at: number) => Cause | undefined {
  let seen: ReadonlyMap<string, Seen> = new Map();
  let lookedAt = 0;
  return (causes, at) => {
    // However long a look takes: what the one before it saw was seen all the time.
    const recent = [...seen].filter(([, { lastAt }]) => lastAt === lookedAt || at - lastAt <= GAP_MS);
    lookedAt = at;
    const before = new Map(recent);
    const firstAt = (cause: Cause): number => before.get(causeKey(cause))?.firstAt ?? at;
    const now = causes.map(
      (cause) => [causeKey(cause), { patienceMs: cause.patienceMs, firstAt: firstAt(cause), lastAt: at }] as const,
    );
    seen = new Map([...recent, ...now]);
    const certain = causes.find((cause) => at - firstAt(cause) >= cause.patienceMs);
    const isPreceded = [...seen.values()].some(
      ({ patienceMs, firstAt: since }) => patienceMs < (certain?.patienceMs ?? 0) && at - since < patienceMs,
    );
    return isPreceded ? undefined : certain;
  };
}

/** How often each event had happened when the wait began. */
async function eventCounts({ api, spec, signal }: DiagnosisTerms): Promise<ReadonlyMap<string, number>> {
  try {
    const { objects } = await api.list('Event', { namespace: spec.namespace }, signal);
    return new Map(objects.map(decodeEvent).map(({ uid, count }) => [uid, count]));
  } catch {
    return new Map(); // Each look notes for itself that events cannot be read.
  }
}

const SECOND_MS = 1000;

/**
 * By count, since the clocks of nodes and runner may differ; by time, where it happened before the first look: some are
 * said again only after 15 s. Most events tell no more than the second, which counts for what was never said before.
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

/** What was in the log at the first look may tell of long ago. */
function freshFrom({ pod, container, run, lines }: LogFacts, tails: Map<string, string>): number {
  const key = `${pod} ${container} ${run}`;
  const last = tails.get(key);
  tails.set(key, lines.at(-1) ?? '');
  return last === undefined ? lines.length : lines.lastIndexOf(last) + 1;
}
