import { ActionError, hasCode } from '../../errors.ts';
import type { ObservationTerms, PodSeen } from '../gate/pod-observation.ts';
import { type Ailment, ailmentOf } from './ailments.ts';
import type { Trial } from './trial.ts';

export type Repairs = {
  /**
   * Restarts the next server that no reload reaches or heals, once the one before is back and proved. Returns whether a
   * restart is under way. To be told of every look.
   * @throws ActionError ROLLOUT_STALLED for a server that says the same after its restart
   */
  readonly next: (seen: readonly PodSeen[]) => Promise<boolean>;
  /** Returns the pods that were restarted. */
  readonly done: () => readonly string[];
};

export type RepairTerms = Pick<ObservationTerms, 'api' | 'spec' | 'system' | 'signal'> & {
  readonly trial: Trial;
  readonly isNews: boolean;
  readonly info: (text: string) => void;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
};

/** `answersSince`: since when the server of the new pod answers, and runs what it is to run, but is not whole. */
type Restarting = { readonly pod: string; readonly uid: string; readonly answersSince: number | undefined };

/** Long enough for what a server lacks only until its streams have a leader. */
const WAITING_MS = 6000;

/**
 * Repairs servers one at a time: the next one is touched only when nothing is wrong with the last one any more, or when all
 * that the last one lacks is the next, which serves nobody (a stream whose servers are all sick but one has no majority).
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
      // A server that the change itself made sick is no case for a repair but for giving back what it had.
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
        chosen.kind === 'for-start' ? 'as it takes this only when it starts' : 'as no reload reaches or heals it';
      terms.info(`restarting ${chosen.name}, ${why}: ${chosen.words}`);
      await restart(terms, chosen);
      return true;
    },
  };
}

type Sick = Omit<Ailment, 'patienceMs'> & { readonly name: string; readonly uid: string };

function certainlySick(
  { system, isNews, now }: RepairTerms,
  seen: readonly PodSeen[],
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

/** Whether another pod of that name is there, runs what it is to run, belongs to the others, and was proved as the first. */
function isBack({ pod, uid }: Restarting, seen: readonly PodSeen[], trial: Trial): boolean {
  const now = seen.find(({ name }) => name === pod);
  const isWell = now?.uid !== undefined && now.uid !== uid && now.problem === undefined && now.outside === undefined;
  return isWell && (trial.first() !== pod || trial.isHeld());
}

function answering(one: Restarting, seen: readonly PodSeen[], now: number): Restarting {
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
      throw error; // Otherwise another pod has taken its name already, which is what is wanted.
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
