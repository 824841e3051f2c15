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
export type Trial = {
  /**
   * Records that the server in this pod is about to be reloaded or replaced. `wasSick`: whether it had a problem
   * before.
   */
  readonly touch: (pod: string, how: Touch, wasSick: boolean) => void;
  /** Returns every pod that was touched, in order. */
  readonly touched: () => readonly string[];
  /**
   * Returns the pod that was touched first; after verified reloads, the pod that was restarted first; undefined before.
   */
  readonly first: () => string | undefined;
  /** Returns how the first server was last touched; undefined before. */
  readonly how: () => Touch | undefined;
  /** Returns the milliseconds since the first server was last touched; 0 before. */
  readonly msAgo: () => number;
  /** Returns whether the first server had a problem before the change, which is then not the cause. */
  readonly wasSick: () => boolean;
  /** Records that the first server is verified to work with the change. */
  readonly hold: () => void;
  /** Returns whether the first server is verified, so that others may follow. */
  readonly isHeld: () => boolean;
};

/** Starts a trial in which no server is touched yet. `now`: milliseconds, monotonic. */
export function createTrial(now: () => number): Trial {
  const touched = new Set<string>();
  let state: Tried | undefined;
  return {
    touch: (pod, how, isSick) => {
      touched.add(pod);
      // A successful reload does not show that servers also start with the change.
      const isAnew = state === undefined || (how === 'restart' && state.isHeld && state.how === 'reload');
      if (isAnew) state = { pod, how, wasSick: isSick, isHeld: false, at: now() };
      else if (state?.pod === pod && !state.isHeld) state = { ...state, how, at: now() };
    },
    how: () => state?.how,
    msAgo: () => (state === undefined ? 0 : now() - state.at),
    wasSick: () => state?.wasSick ?? false,
    touched: () => [...touched],
    first: () => state?.pod,
    hold: () => {
      if (state !== undefined) state = { ...state, isHeld: true };
    },
    isHeld: () => state?.isHeld ?? false,
  };
}

type Tried = {
  readonly pod: string;
  readonly how: Touch;
  readonly wasSick: boolean;
  readonly isHeld: boolean;
  readonly at: number;
};

/**
 * A refused reload may have read a volume that held only a part of the applied files. The volume is refreshed every 3
 * seconds.
 */
const REFUSED_MS = 12_000;
/** A server that accepts a configuration lets its users in at once. */
const SILENT_MS = 5000;
/** A very busy node lets handshakes time out. */
const BROKEN_MS = 15_000;
/** Streams that a reload has moved are current again within seconds. */
const UNHEALTHY_MS = 20_000;

/** The words about a stream that are final, because a server lets clients in only once it has recovered its streams. */
const NOT_RECOVERED = /could not be recovered/;

type Trouble = { readonly reason: string; readonly words: string; readonly patienceMs: number };

export type TrialWatch = {
  /**
   * Checks the first server; the caller passes every observation.
   * @throws ActionError ROLLOUT_STALLED once a problem of the first server since it was touched is certain
   */
  readonly check: (seen: readonly PodObservation[]) => void;
};

/** Creates a watch over the first server for the effects of the change. `now`: milliseconds, monotonic. */
export function createTrialWatch(trial: Trial, now: () => number): TrialWatch {
  let since: { readonly reason: string; readonly at: number } | undefined;
  return {
    check: (seen) => {
      const first = trial.first();
      const one = seen.find(({ name }) => name === first);
      const trouble = one === undefined || trial.isHeld() || trial.wasSick() ? undefined : troubleOf(one, trial.how());
      if (one === undefined || trouble === undefined) {
        since = undefined;
        return;
      }
      since = since?.reason === trouble.reason ? since : { reason: trouble.reason, at: now() };
      if (now() - since.at >= trouble.patienceMs) {
        throw notHeld(one.name, trouble);
      }
    },
  };
}

/**
 * Returns the problem that the change may have caused; undefined for a problem that only takes its time, such as
 * streams after a restart, and for an option that only a start applies.
 */
export function troubleOf(
  one: Pick<PodObservation, 'outdated' | 'failure' | 'ailment'>,
  how: Touch | undefined,
): Trouble | undefined {
  const { outdated, failure, ailment } = one;
  if (outdated?.refusal !== undefined) {
    const isForStart = ailmentOf(one, { isNews: true, isByJwt: false }) !== undefined;
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
  const isForGood = ailmentOf(one, { isNews: true, isByJwt: false }) !== undefined || NOT_RECOVERED.test(ailment);
  return how === 'reload' || isForGood ? { reason: 'NotHealthy', words: ailment, patienceMs: UNHEALTHY_MS } : undefined;
}

const SHUT: readonly string[] = ['ConnectionRefused', 'HandshakeBroken', 'ClientCertificateRefused'];

/** Returns the error of a change with which the first server does not work. */
export function notHeld(
  pod: string,
  { reason, words }: Pick<Trouble, 'reason' | 'words'>,
): ActionError<'ROLLOUT_STALLED'> {
  const message = `${pod} was first, and does not hold the change: ${words}`;
  return new ActionError('ROLLOUT_STALLED', message, {
    reason,
    hint: 'Correct what the server names, in the inputs of this deployment or in config, and run the job again.',
    details: { problems: [{ object: `Pod/${pod}`, reason, message }] },
  });
}
