import { ActionError } from '../../errors/action-error.ts';
import { isRefusal } from '../../servers/failure.ts';
import type { PodObservation } from '../pods/pod-observation.ts';
import { ailmentOf } from './ailments.ts';

/** The way in which a change reaches a server. */
export type Touch = 'reload' | 'restart';

/**
 * The server on which a change is tried first, and whether that server works with it. Each applied state has its own
 * trial.
 */
export class Trial {
  readonly #now: () => number;
  readonly #touched = new Set<string>();
  #state: Tried | undefined;

  /** `now`: milliseconds, monotonic. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Records that the server in this pod is about to be reloaded or replaced. `wasSick`: whether it had a problem
   * before.
   */
  touch(pod: string, how: Touch, wasSick: boolean): void {
    this.#touched.add(pod);
    const state = this.#state;
    // A successful reload does not show that servers also start with the change.
    const isNew = state === undefined || (how === 'restart' && state.isVerified && state.how === 'reload');
    if (isNew) this.#state = { pod, how, wasSick, isVerified: false, at: this.#now() };
    else if (state.pod === pod && !state.isVerified) this.#state = { ...state, how, at: this.#now() };
  }

  /** Returns every pod that was touched, in order. */
  touched(): readonly string[] {
    return [...this.#touched];
  }

  /**
   * Returns the pod that was touched first; after verified reloads, the pod that was restarted first; undefined if no
   * pod was touched yet.
   */
  first(): string | undefined {
    return this.#state?.pod;
  }

  /** Returns how the first server was last touched; undefined if it was not touched yet. */
  how(): Touch | undefined {
    return this.#state?.how;
  }

  /** Returns the milliseconds since the first server was last touched; 0 if it was not touched yet. */
  msAgo(): number {
    return this.#state === undefined ? 0 : this.#now() - this.#state.at;
  }

  /** Checks whether the first server had a problem before the change. The change is then not its cause. */
  wasSick(): boolean {
    return this.#state?.wasSick ?? false;
  }

  /** Records that the first server is verified to work with the change. */
  markVerified(): void {
    if (this.#state !== undefined) this.#state = { ...this.#state, isVerified: true };
  }

  /** Checks whether the first server is verified, so that others may follow. */
  isVerified(): boolean {
    return this.#state?.isVerified ?? false;
  }
}

type Tried = {
  readonly pod: string;
  readonly how: Touch;
  readonly wasSick: boolean;
  readonly isVerified: boolean;
  readonly at: number;
};

/**
 * The time in milliseconds after which a refused reload is final. The reload may have read a volume that held only some
 * of the applied files; the volume is refreshed every 3 seconds.
 */
const REFUSED_MS = 12_000;
/**
 * The time in milliseconds after which a refused connection is final. A server that has loaded a configuration accepts
 * its users at once.
 */
const SILENT_MS = 5000;
/** The same time for a broken handshake: on a very busy node, handshakes time out. */
const BROKEN_MS = 15_000;
/** The same time for an unhealthy server. Streams that a reload has moved are current again within seconds. */
const UNHEALTHY_MS = 20_000;

/**
 * The health message about a stream that stays broken: a server accepts clients only after the recovery of its streams
 * has ended.
 */
const NOT_RECOVERED = /could not be recovered/;

type Trouble = { readonly reason: string; readonly words: string; readonly patienceMs: number };

/** The watch over the first server for the effects of the change. */
export class TrialWatch {
  readonly #trial: Trial;
  readonly #now: () => number;
  #since: { readonly reason: string; readonly at: number } | undefined;

  /** `now`: milliseconds, monotonic. */
  constructor(trial: Trial, now: () => number) {
    this.#trial = trial;
    this.#now = now;
  }

  /**
   * Checks the first server. The caller passes the observations of every round.
   * @throws ActionError ROLLOUT_STALLED once it is certain that the first server has had a problem since it was touched
   */
  check(seen: readonly PodObservation[]): void {
    const trial = this.#trial;
    const first = trial.first();
    const one = seen.find(({ name }) => name === first);
    const trouble =
      one === undefined || trial.isVerified() || trial.wasSick() ? undefined : troubleOf(one, trial.how());
    if (one === undefined || trouble === undefined) {
      this.#since = undefined;
      return;
    }
    if (this.#since?.reason !== trouble.reason) this.#since = { reason: trouble.reason, at: this.#now() };
    if (this.#now() - this.#since.at >= trouble.patienceMs) {
      throw createTrialError(one.name, trouble);
    }
  }
}

/**
 * Returns the problem that the change may have caused; undefined for a problem that waiting may fix, such as streams
 * after a restart, and for an option that only a start applies.
 */
export function troubleOf(
  one: Pick<PodObservation, 'outdated' | 'failure' | 'ailment'>,
  how: Touch | undefined,
): Trouble | undefined {
  const { outdated, failure, ailment } = one;
  if (outdated?.refusal !== undefined) {
    const isForStart = ailmentOf(one, { isNewState: true, isByJwt: false }) !== undefined;
    return isForStart ? undefined : { reason: 'ReloadRefused', words: outdated.refusal, patienceMs: REFUSED_MS };
  }
  if (failure !== undefined) {
    const isShut = failure.reason.startsWith('Tls') || SHUT.includes(failure.reason) || isRefusal(failure);
    const patienceMs = failure.reason === 'HandshakeBroken' ? BROKEN_MS : SILENT_MS;
    return isShut ? { reason: failure.reason, words: failure.message, patienceMs } : undefined;
  }
  if (ailment === undefined || outdated !== undefined) {
    return undefined;
  }
  const isForGood = ailmentOf(one, { isNewState: true, isByJwt: false }) !== undefined || NOT_RECOVERED.test(ailment);
  return how === 'reload' || isForGood ? { reason: 'NotHealthy', words: ailment, patienceMs: UNHEALTHY_MS } : undefined;
}

const SHUT: readonly string[] = ['ConnectionRefused', 'HandshakeBroken', 'ClientCertificateRefused'];

/** Returns the error of a change with which the first server does not work. */
export function createTrialError(
  pod: string,
  { reason, words }: Pick<Trouble, 'reason' | 'words'>,
): ActionError<'ROLLOUT_STALLED'> {
  const message = `${pod} was the first server with the change, and failed: ${words}`;
  return new ActionError('ROLLOUT_STALLED', message, {
    reason,
    hint: 'Correct the problem that the server names, in the inputs of this deployment or in `config`, and run the job again.',
    details: { problems: [{ object: `Pod/${pod}`, reason, message }] },
  });
}
