import { ActionError, hasCode } from '../../errors/action-error.ts';
import type { ObservationTerms, PodObservation } from '../pods/pod-observation.ts';
import { type Ailment, ailmentOf } from './ailments.ts';
import type { Trial } from './trial.ts';

export type Repairs = {
  /**
   * Restarts the next server that no reload reaches or fixes, once the previous one is back and verified. Returns
   * whether a restart is under way. The caller passes every observation.
   * @throws ActionError ROLLOUT_STALLED for a server that says the same after its restart
   */
  readonly next: (seen: readonly PodObservation[]) => Promise<boolean>;
  /** Returns the pods that were restarted. */
  readonly done: () => readonly string[];
};

export type RepairTerms = Pick<ObservationTerms, 'api' | 'spec' | 'system' | 'signal'> & {
  readonly trial: Trial;
  readonly isNews: boolean;
  readonly info: (text: string) => void;
  /** Returns the time in milliseconds, monotonic. */
  readonly now: () => number;
};

/**
 * The server that is being restarted. `answersSince`: the time since which the server of the new pod answers, and runs
 * its wanted configuration, but is not whole.
 */
type Restarting = { readonly pod: string; readonly uid: string; readonly answersSince: number | undefined };

/** The time in milliseconds for problems of a server that end when its streams have a leader. */
const WAITING_MS = 6000;

/**
 * Creates the repairs of servers, one server at a time. The next server is touched only when the last one has no
 * problem left, or when the last one lacks nothing but the next one, which serves no clients (a stream whose servers
 * are all sick but one has no majority).
 */
export function createRepairs(terms: RepairTerms): Repairs {
  const { trial, now } = terms;
  const sickSince = new Map<string, number>();
  const restarted = new Set<string>();
  let under: Restarting | undefined;
  return {
    done: () => [...restarted],
    next: async (seen) => {
      const sick = certainlySick(terms, seen, sickSince);
      const again = sick.find(({ name }) => restarted.has(name));
      if (again !== undefined) {
        throw stillSick(again);
      }
      under = under === undefined || isBack(under, seen, trial) ? undefined : answering(under, seen, now());
      const isWaitingForOthers = under?.answersSince !== undefined && now() - under.answersSince >= WAITING_MS;
      // A server that the change itself made sick gets its earlier state back instead of a repair.
      const isOwnFault = ({ name, kind }: Sick): boolean =>
        name === trial.first() && !trial.isHeld() && !trial.wasSick() && kind !== 'for-start';
      const isFree = ({ name, kind }: Sick): boolean =>
        under === undefined ? !isOthersTrial(trial, name) : isWaitingForOthers && kind === 'unready';
      const chosen = sick.find((one) => !isOwnFault(one) && isFree(one));
      if (chosen === undefined) {
        return under !== undefined;
      }
      under = { pod: chosen.name, uid: chosen.uid, answersSince: undefined };
      restarted.add(chosen.name);
      sickSince.delete(chosen.uid);
      trial.touch(chosen.name, 'restart', chosen.kind !== 'for-start');
      const why =
        chosen.kind === 'for-start'
          ? 'because it applies this only when it starts'
          : 'because a reload cannot repair it';
      terms.info(`restarting ${chosen.name}, ${why}: ${chosen.words}`);
      await restart(terms, chosen);
      return true;
    },
  };
}

type Sick = Omit<Ailment, 'patienceMs'> & { readonly name: string; readonly uid: string };

function certainlySick(
  { system, isNews, now }: RepairTerms,
  seen: readonly PodObservation[],
  since: Map<string, number>,
): readonly Sick[] {
  const circumstances = { isNews, isByJwt: system.jwt !== undefined };
  return seen.flatMap((one) => {
    const { name, uid } = one;
    const ailment = ailmentOf(one, circumstances);
    if (uid === undefined) return [];
    if (ailment === undefined) {
      since.delete(uid);
      return [];
    }
    const first = since.get(uid) ?? now();
    since.set(uid, first);
    const { words, patienceMs, kind } = ailment;
    return now() - first >= patienceMs ? [{ name, uid, words, kind }] : [];
  });
}

/**
 * Checks whether another pod of that name is present, runs its wanted configuration, and is not outside of the others'
 * JetStream. The first server must be verified as well.
 */
function isBack({ pod, uid }: Restarting, seen: readonly PodObservation[], trial: Trial): boolean {
  const now = seen.find(({ name }) => name === pod);
  const isWell = now?.uid !== undefined && now.uid !== uid && now.problem === undefined && now.outsider === undefined;
  return isWell && (trial.first() !== pod || trial.isHeld());
}

function answering(one: Restarting, seen: readonly PodObservation[], now: number): Restarting {
  const pod = seen.find(({ name }) => name === one.pod);
  const isAnswering = pod?.observation !== undefined && pod.outdated === undefined && pod.uid !== one.uid;
  return { ...one, answersSince: isAnswering ? (one.answersSince ?? now) : undefined };
}

function isOthersTrial(trial: Trial, pod: string): boolean {
  const first = trial.first();
  return first !== undefined && first !== pod && !trial.isHeld();
}

async function restart({ api, spec, signal }: RepairTerms, { name, uid }: Sick): Promise<void> {
  try {
    await api.remove({ kind: 'Pod', name, namespace: spec.namespace }, { uid }, signal);
  } catch (error) {
    if (!hasCode(error, 'APPLY_CONFLICT')) {
      throw error; // After a conflict another pod already has this name, as wanted.
    }
  }
}

function stillSick({ name, words }: Sick): ActionError<'ROLLOUT_STALLED'> {
  const message = `${name} was restarted, and still: ${words}`;
  return new ActionError('ROLLOUT_STALLED', message, {
    reason: 'NotHealed',
    hint: `Look at what ${name} says (kubectl logs ${name}); go back to the inputs of the last deployment that passed, or correct what it names, then run the job again.`,
    details: { problems: [{ object: `Pod/${name}`, reason: 'NotHealed', message }] },
  });
}
