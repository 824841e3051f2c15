import { parsePodOrdinal } from '../../cluster/names.ts';
import type { ObjectList } from '../../kubernetes/watch.ts';
import type { KubernetesObject } from '../../objects/object.ts';
import type { Pod } from '../../objects/pod.ts';
import { pause } from '../../time/pause.ts';
import type { Run } from '../context/run.ts';
import { selectObservedPods } from '../gate/mesh-expectation.ts';
import { type GateReactions, type PassedGate, passMeshGate } from '../gate/mesh-gate.ts';
import { HealthCheck, readHealth } from '../pods/jetstream-servers.ts';
import type { ServerExpectation } from '../pods/pod-observation.ts';
import type { SystemAccess } from '../pods/server-access.ts';
import type { StuckPodOptions } from '../pods/stuck-pods.ts';
import { chooseNextServer, findBlockingOrphan, findOutdatedPods, isOutdated, type NextServer } from './next-server.ts';
import { Replacement } from './replacement.ts';
import { FollowedSet } from './rollout.ts';
import { buildGate, type Transition } from './transition.ts';

export type Rolled = {
  readonly gate: PassedGate;
  /** The pods that were deleted because waiting could not fix them, as `Pod/name`. */
  readonly replaced: readonly string[];
  readonly updateRevision: string;
  /** The version of the StatefulSet that its controller last reported. */
  readonly setVersion: string;
};

type Known = {
  /** The objects that were read a moment ago, so that they need not be read again. */
  readonly statefulSet: KubernetesObject | undefined;
  readonly podList: ObjectList | undefined;
  /** The receiver of every observation of the last gate. */
  readonly proofs: GateReactions['proofs'];
};

/** Replaces pods of an older template one at a time, highest ordinal first, with the mesh gate after each. */
export async function rollAndGate(run: Run<unknown>, transition: Transition, known: Known): Promise<Rolled> {
  const set = await new FollowedSet(run.api, transition.spec, run.signal, known.statefulSet).waitUntilRead();
  try {
    return await new RollingChange(run, transition, set, known.podList).roll(known.proofs);
  } finally {
    await set.close();
  }
}

/** The pause in milliseconds before another attempt at a disruption budget that is used up. */
const RETRY_MS = 200;

/** The moment of a gate: `before` the first server is replaced, `between` two of them, and `after` the last. */
type Moment = 'before' | 'between' | 'after';

class RollingChange {
  readonly #run: Run<unknown>;
  readonly #transition: Transition;
  readonly #followed: FollowedSet;
  readonly #replacement: Replacement;
  readonly #replaced: string[] = [];
  #knownPods: ObjectList | undefined;
  #isRolling = false;

  /** The number of servers that were outdated when the rolling change began, and of those replaced since. */
  #outdated = 0;
  #done = 0;

  constructor(run: Run<unknown>, transition: Transition, followed: FollowedSet, knownPods: ObjectList | undefined) {
    this.#run = run;
    this.#transition = transition;
    this.#followed = followed;
    this.#replacement = new Replacement(run, transition.spec, followed);
    this.#knownPods = knownPods;
  }

  async roll(proofs: GateReactions['proofs']): Promise<Rolled> {
    const { live, holdsTemplate } = this.#transition;
    this.#outdated = findOutdatedPods(this.#replacement.servers(), live.pods).length;
    if (this.#outdated > 0) {
      const before = this.#isAnyObserved() ? await this.#passGate('before') : undefined;
      if (before !== undefined && holdsTemplate) return this.#finish(before);
      await this.#replaceServers();
    }
    await this.#replacement.finish();
    return this.#finish(await this.#passGate('after', proofs));
  }

  /** Checks whether this run can observe a server. Servers of another deployer do not know our system user. */
  #isAnyObserved(): boolean {
    const { spec, live } = this.#transition;
    const pods = new Map(live.pods.map((pod) => [pod.name, pod]));
    return selectObservedPods({ spec, podRevision: this.#requiredRevision }, pods).length > 0;
  }

  #finish(gate: PassedGate): Rolled {
    const { updateRevision, resourceVersion: setVersion } = this.#followed.current();
    return { gate, replaced: this.#replaced, updateRevision, setVersion };
  }

  readonly #requiredRevision: ServerExpectation['podRevision'] = (ordinal) =>
    this.#replacement.requiredRevision(ordinal);

  async #replaceServers(): Promise<void> {
    for (let next = await this.#chooseNext(); next.kind !== 'none'; next = await this.#chooseNext()) {
      if (next.kind === 'replace') {
        const isReplaced = await this.#replaceServer(next.pod);
        if (isReplaced && next.isLast) return;
        if (!isReplaced) await pause(RETRY_MS, this.#run.signal);
      }
      await this.#passGate('between');
    }
  }

  async #chooseNext(): Promise<NextServer> {
    return chooseNextServer(this.#replacement.servers(), await this.#replacement.pods());
  }

  /**
   * Replaces a server, and returns whether it did. The first replaced server is the one on which the change is tried.
   * The server stays for now if other evictions have used up the disruption budget.
   */
  async #replaceServer(pod: Pod): Promise<boolean> {
    const isReplaced = (await this.#replacement.replace([pod])).length > 0;
    if (!isReplaced) return false;
    this.#done += 1;
    this.#run.runner.info(`restarting ${pod.name} (${this.#done} of ${Math.max(this.#done, this.#outdated)})`);
    this.#transition.trial.touch(pod.name, 'restart', false);
    return true;
  }

  /** Replaces pods that waiting cannot fix. Returns the UIDs of those that it replaced. */
  async #replaceStuck(pods: readonly Pod[]): Promise<readonly string[]> {
    const uids = await this.#replacement.replace(pods);
    const replacedPods = pods.filter(({ uid }) => uids.includes(uid));
    for (const { name, ready } of replacedPods) this.#transition.trial.touch(name, 'restart', !ready);
    const names = replacedPods.map(({ name }) => `Pod/${name}`);
    if (names.length > 0) this.#run.runner.info(`replaced stuck pods: ${names.join(', ')}`);
    this.#replaced.push(...names);
    return uids;
  }

  async #passGate(moment: Moment, proofs?: GateReactions['proofs']): Promise<PassedGate> {
    this.#isRolling ||= moment !== 'after';
    const updateRevision = (): string => this.#replacement.servers().updateRevision;
    const podRevision = moment === 'after' ? updateRevision : this.#requiredRevision;
    const gate = buildGate(this.#run, this.#transition, podRevision);
    const knownPods = this.#knownPods;
    this.#knownPods = undefined; // A later gate lists the pods itself.
    const health = this.#isRolling ? new HealthCheck(gate.access) : undefined;
    const stuck = this.#stuckPods(moment, gate.access);
    return await passMeshGate(
      this.#run,
      { ...gate, reactions: { ...gate.reactions, proofs, health, stuck } },
      knownPods,
    );
  }

  #stuckPods(moment: Moment, access: SystemAccess): StuckPodOptions {
    const { spec, live } = this.#transition;
    const verifiedTemplate = live.verifiedRevision?.split('.').at(-1);
    const isServer = ({ name }: Pod): boolean => (parsePodOrdinal(spec.name, name) ?? spec.replicas) < spec.replicas;
    return {
      before: live.pods,
      isOutdated: (pod) => isServer(pod) && isOutdated(this.#replacement.servers(), pod),
      isVerified: (pod) => pod.controllerRevision === verifiedTemplate,
      shouldJudgeOutdated: moment !== 'before',
      findBlocking: (pods) => findBlockingOrphan(this.#replacement.servers(), pods),
      replace: async (pods) => await this.#replaceStuck(pods),
      readProgress: async (pod) => JSON.stringify(await readHealth(access, pod.name)),
      now: () => performance.now(),
    };
  }
}
