import { ActionError, hasCode } from '../../errors/action-error.ts';
import type { PodObservation } from '../pods/pod-observation.ts';
import type { SystemAccess } from '../pods/server-access.ts';
import { type Ailment, ailmentOf } from './ailments.ts';
import type { Trial } from './trial.ts';

export type RepairOptions = {
  readonly trial: Trial;
  readonly isNewState: boolean;
  readonly info: (text: string) => void;
  /** Returns the time in milliseconds, monotonic. */
  readonly now: () => number;
};

/**
 * The server that is being restarted. `answersSince`: the time since which the server in the new pod answers and runs
 * the wanted configuration, but still has a problem.
 */
type Restarting = { readonly pod: string; readonly uid: string; readonly answersSince: number | undefined };

/**
 * The time in milliseconds after which a restarted server that still has a problem waits for other servers: its streams
 * have no leader without them.
 */
const WAITING_MS = 6000;

/**
 * The maximum number of restarts by problem. A meta group may exclude a server for five minutes, whatever the server
 * does, so that only a second restart helps.
 */
const MAX_RESTARTS: { readonly [Kind in Ailment['kind']]: number } = {
  'for-start': 1,
  unreached: 1,
  unready: 1,
  outside: 2,
};

type Sick = Omit<Ailment, 'patienceMs'> & { readonly name: string; readonly uid: string };

/**
 * The repairs of servers, one server at a time. The next server is restarted only when the previous one has no problem
 * left. The exception is a server that serves no clients while the previous one waits for it: a stream has no majority
 * while most of its servers are sick.
 */
export class Repairs {
  readonly #access: SystemAccess;
  readonly #options: RepairOptions;
  readonly #sickSince = new Map<string, number>();
  readonly #restarts = new Map<string, number>();
  #restarting: Restarting | undefined;

  constructor(access: SystemAccess, options: RepairOptions) {
    this.#access = access;
    this.#options = options;
  }

  /** Returns the pods that were restarted. */
  done(): readonly string[] {
    return [...this.#restarts.keys()];
  }

  /**
   * Restarts the next server that no reload reaches or fixes, once the previous one is back and verified. Returns
   * whether a restart is under way. The caller passes the observations of every round.
   * @throws ActionError ROLLOUT_STALLED for a server that still has the problem after its last restart
   */
  async next(seen: readonly PodObservation[]): Promise<boolean> {
    const { trial, now } = this.#options;
    const sick = this.#findSick(seen);
    const again = sick.find(({ name, kind }) => this.#countRestarts(name) >= MAX_RESTARTS[kind]);
    if (again !== undefined) {
      throw createRepairError(again);
    }
    const before = this.#restarting;
    this.#restarting =
      before === undefined || isBack(before, seen, trial) ? undefined : recordAnswer(before, seen, now());
    const chosen = this.#choose(sick);
    if (chosen === undefined) {
      return this.#restarting !== undefined;
    }
    await this.#restart(chosen);
    return true;
  }

  #countRestarts(pod: string): number {
    return this.#restarts.get(pod) ?? 0;
  }

  /** Returns the servers whose problem has lasted long enough to be certain. */
  #findSick(seen: readonly PodObservation[]): readonly Sick[] {
    const { isNewState, now } = this.#options;
    const circumstances = { isNewState, isByJwt: this.#access.system.jwt !== undefined };
    return seen.flatMap((one) => {
      const { name, uid, failure } = one;
      const ailment = ailmentOf(one, circumstances, this.#countRestarts(name));
      if (uid === undefined) return [];
      if (ailment === undefined) {
        // A connection that broke on its way to the server says nothing about the server.
        if (failure?.reason !== 'Unreachable') this.#sickSince.delete(uid);
        return [];
      }
      const first = this.#sickSince.get(uid) ?? now();
      this.#sickSince.set(uid, first);
      const { words, patienceMs, kind } = ailment;
      return now() - first >= patienceMs ? [{ name, uid, words, kind }] : [];
    });
  }

  #choose(sick: readonly Sick[]): Sick | undefined {
    const { trial, now } = this.#options;
    const under = this.#restarting;
    const isWaitingForOthers = under?.answersSince !== undefined && now() - under.answersSince >= WAITING_MS;
    // A server that the change itself made sick is rolled back instead of repaired.
    const isOwnFault = ({ name, kind }: Sick): boolean =>
      name === trial.first() && !trial.isVerified() && !trial.wasSick() && kind !== 'for-start';
    const isFree = ({ name, kind }: Sick): boolean =>
      under === undefined
        ? !isOthersTrial(trial, name)
        : name === under.pod || (isWaitingForOthers && kind === 'unready');
    return sick.find((one) => !isOwnFault(one) && isFree(one));
  }

  async #restart({ name, uid, kind, words }: Sick): Promise<void> {
    const { trial, info } = this.#options;
    this.#restarting = { pod: name, uid, answersSince: undefined };
    this.#restarts.set(name, this.#countRestarts(name) + 1);
    this.#sickSince.delete(uid);
    trial.touch(name, 'restart', kind !== 'for-start');
    const why =
      kind === 'for-start' ? 'because it applies this only when it starts' : 'because a reload cannot repair it';
    info(`restarting ${name}, ${why}: ${words}`);
    const { api, spec, signal } = this.#access;
    try {
      await api.remove({ kind: 'Pod', name, namespace: spec.namespace }, { uid }, signal);
    } catch (error) {
      if (!hasCode(error, 'APPLY_CONFLICT')) {
        throw error; // After a conflict another pod already has this name, as wanted.
      }
    }
  }
}

/**
 * Checks whether a new pod with this name exists, runs the wanted configuration, and is not outside of the JetStream
 * meta group. The first server must be verified as well.
 */
function isBack({ pod, uid }: Restarting, seen: readonly PodObservation[], trial: Trial): boolean {
  const now = seen.find(({ name }) => name === pod);
  const isWell = now?.uid !== undefined && now.uid !== uid && now.problem === undefined && now.outsider === undefined;
  return isWell && (trial.first() !== pod || trial.isVerified());
}

function recordAnswer(one: Restarting, seen: readonly PodObservation[], now: number): Restarting {
  const pod = seen.find(({ name }) => name === one.pod);
  const isAnswering = pod?.observation !== undefined && pod.outdated === undefined && pod.uid !== one.uid;
  return { ...one, answersSince: isAnswering ? (one.answersSince ?? now) : undefined };
}

function isOthersTrial(trial: Trial, pod: string): boolean {
  const first = trial.first();
  return first !== undefined && first !== pod && !trial.isVerified();
}

function createRepairError({ name, words }: Sick): ActionError<'ROLLOUT_STALLED'> {
  const message = `${name} was restarted, but the problem remains: ${words}`;
  return new ActionError('ROLLOUT_STALLED', message, {
    reason: 'NotHealed',
    hint: `Read the log of the server (\`kubectl logs ${name}\`). Correct the problem that it names, or return to the inputs of the last successful deployment, then run the job again.`,
    details: { problems: [{ object: `Pod/${name}`, reason: 'NotHealed', message }] },
  });
}
