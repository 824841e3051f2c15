import { findFatalCause } from '../../causes/causes.ts';
import { createPodFacts } from '../../causes/facts.ts';
import type { MeshProblem } from '../../nats/mesh/observation.ts';
import type { Pod } from '../../objects/pod.ts';
import { findPodFailure } from './pods.ts';

export type StuckPodOptions = {
  /** The pods as they were before anything was applied. */
  readonly before: readonly Pod[];
  /** Checks whether the pod is a server with an outdated template. */
  readonly isOutdated: (pod: Pod) => boolean;
  /** Checks whether the pod has the template that was last verified. */
  readonly isVerified: (pod: Pod) => boolean;
  /**
   * Whether failures of servers with an outdated template count against the applied state, because a server with the
   * new template exists.
   */
  readonly shouldJudgeOutdated: boolean;
  /** Returns a pod that blocks the creation of other pods, even if the pod itself has no problem. */
  readonly findBlocking: (pods: readonly Pod[]) => Pod | undefined;
  /** Returns the UIDs of the pods that it replaced. */
  readonly replace: (pods: readonly Pod[]) => Promise<readonly string[]>;
  /** Returns a text that changes while the server of a pod that is not Ready catches up. */
  readonly readProgress: (pod: Pod) => Promise<string>;
  /** Returns the time in milliseconds, monotonic. */
  readonly now: () => number;
};

/**
 * A pod that is not Ready and has not changed for this long is not fixed by waiting. A pod that was just created
 * changes: it is scheduled, its container starts, its server answers and catches up.
 */
const STILL_MS = 15_000;
/**
 * The same time for a pod with a template that was never verified. A failed change left it, so nothing is lost if it is
 * replaced.
 */
const UNVERIFIED_STILL_MS = 3000;
const PROGRESS_EVERY_MS = 1000;

type Still = { readonly as: string; readonly since: number };

/** The pods that waiting cannot fix, found over the rounds of one wait. */
export class StuckPods {
  readonly #options: StuckPodOptions;
  readonly #starting: ReadonlySet<string>;
  readonly #replaced = new Set<string>();
  readonly #stillness: Stillness;
  readonly #progress: ProgressReader;

  constructor(options: StuckPodOptions) {
    this.#options = options;
    this.#starting = new Set(options.before.filter(({ ready }) => !ready).map(({ uid }) => uid));
    this.#stillness = new Stillness(options.now);
    this.#progress = new ProgressReader(options);
  }

  /**
   * Replaces the pods that waiting cannot fix. Returns the pods whose failure counts against the applied state. A pod
   * that has another template, or that read the earlier state, does not count.
   */
  async replaceStuck(pods: readonly Pod[], problems: readonly MeshProblem[]): Promise<readonly Pod[]> {
    const { isOutdated, shouldJudgeOutdated, replace } = this.#options;
    const open = pods.filter(({ uid, terminating }) => !terminating && !this.#replaced.has(uid));
    const states = await Promise.all(open.map(async (pod) => ({ pod, isStuck: await this.#isStuck(pod) })));
    const stuck = states.filter(({ isStuck }) => isStuck).map(({ pod }) => pod);
    const ailing = this.#findAiling(pods, open, problems);
    const chosen = stuck.length > 0 ? stuck : ailing;
    if (chosen.length > 0) {
      for (const uid of await replace(chosen)) this.#replaced.add(uid);
    }
    // A pod that changed since it was read is tried again in the next round. Until then, its failure does not count.
    const excused = new Set([...this.#replaced, ...chosen.map(({ uid }) => uid)]);
    return pods.filter(
      (pod) => pod.terminating || (!excused.has(pod.uid) && (!isOutdated(pod) || (shouldJudgeOutdated && pod.ready))),
    );
  }

  async #isStuck(pod: Pod): Promise<boolean> {
    if (this.#starting.has(pod.uid) && findPodFailure(pod) !== undefined) return true;
    if (!this.#options.isOutdated(pod) || pod.ready) return false;
    const cause = findFatalCause(createPodFacts(pod, [pod]));
    const causedMs = this.#stillness.measureMs(`cause ${pod.uid}`, cause?.reason ?? '');
    if (cause !== undefined && causedMs >= cause.patienceMs) return true;
    const state = serializeState(pod, await this.#progress.read(pod));
    return this.#stillness.measureMs(`state ${pod.uid}`, state) >= patienceMsFor(this.#options, pod);
  }

  #findAiling(pods: readonly Pod[], open: readonly Pod[], problems: readonly MeshProblem[]): readonly Pod[] {
    const state = JSON.stringify([problems, open.map(({ uid, ready }) => [uid, ready])]);
    const stillMs = this.#stillness.measureMs('problems', state);
    const blocking = stillMs >= UNVERIFIED_STILL_MS ? this.#options.findBlocking(pods) : undefined;
    return blocking === undefined ? findAilingServers(this.#options, open, { problems, stillMs }) : [blocking];
  }
}

type Ailment = { readonly problems: readonly MeshProblem[]; readonly stillMs: number };

/**
 * Returns the Ready server with an outdated template that may be replaced, once nothing changes any more. Either every
 * problem involves this server, so the others are healthy, or JetStream works without it. If every server has a
 * problem, the server with the highest ordinal is the first to get the new template.
 */
function findAilingServers(
  options: Pick<StuckPodOptions, 'isOutdated' | 'isVerified'>,
  pods: readonly Pod[],
  { problems, stillMs }: Ailment,
): readonly Pod[] {
  const candidates = pods.filter((pod) => pod.ready && options.isOutdated(pod));
  const isPatienceOver = (pod: Pod): boolean => stillMs >= patienceMsFor(options, pod);
  const areOutside = problems.length > 0 && problems.every(({ reason }) => reason === 'OutsideMetaGroup');
  const outsider = areOutside
    ? candidates.findLast(({ name }) => problems.some(({ from }) => from === name))
    : undefined;
  const only =
    outsider ?? candidates.findLast((pod) => problems.every(({ from, to }) => from === pod.name || to === pod.name));
  if (only !== undefined) {
    return isPatienceOver(only) ? [only] : [];
  }
  const unwell = new Set(problems.flatMap(({ from, to }) => (to === undefined ? [from] : [from, to])));
  const isAnyWhole = pods.some(({ name }) => !unwell.has(name));
  const isAnyTried = pods.some((pod) => !options.isOutdated(pod));
  const last = candidates.at(-1);
  return last === undefined || isAnyWhole || isAnyTried || !isPatienceOver(last) ? [] : [last];
}

function patienceMsFor({ isVerified }: Pick<StuckPodOptions, 'isVerified'>, pod: Pod): number {
  return isVerified(pod) ? STILL_MS : UNVERIFIED_STILL_MS;
}

/** The times since which observed values have not changed. */
class Stillness {
  readonly #now: () => number;
  readonly #seen = new Map<string, Still>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Returns the milliseconds for which the value of this key has not changed. */
  measureMs(key: string, as: string): number {
    const before = this.#seen.get(key);
    const current = before?.as === as ? before : { as, since: this.#now() };
    this.#seen.set(key, current);
    return this.#now() - current.since;
  }
}

/**
 * The reader of the progress of servers. It asks each server at most once a second, because every request opens a
 * connection.
 */
class ProgressReader {
  readonly #options: Pick<StuckPodOptions, 'readProgress' | 'now'>;
  readonly #asked = new Map<string, { readonly at: number; readonly answer: string }>();

  constructor(options: Pick<StuckPodOptions, 'readProgress' | 'now'>) {
    this.#options = options;
  }

  async read(pod: Pod): Promise<string> {
    const { readProgress, now } = this.#options;
    if (pod.containers[0]?.state.kind !== 'running') return '';
    const before = this.#asked.get(pod.uid);
    if (before !== undefined && now() - before.at < PROGRESS_EVERY_MS) return before.answer;
    const answer = await readProgress(pod);
    this.#asked.set(pod.uid, { at: now(), answer });
    return answer;
  }
}

function serializeState({ phase, conditions, containers }: Pod, progress: string): string {
  const states = containers.map(({ name, ready, restartCount, state }) => [name, ready, restartCount, state]);
  return JSON.stringify([
    phase,
    conditions.map(({ type, status, reason }) => [type, status, reason]),
    states,
    progress,
  ]);
}
