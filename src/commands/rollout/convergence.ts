import { clusterNames } from '../../cluster/names.ts';
import type { DeployInputs } from '../../inputs/inputs.ts';
import { buildManifestWaves, INITIAL_ROLLOUT, type Rollout } from '../../manifests/manifests.ts';
import type { Run } from '../context/run.ts';
import { requireSizes } from '../desired/configuration.ts';
import {
  buildDesired,
  buildNextDesired,
  buildSubject,
  collectMaterial,
  type Desired,
  requireRequestedCertificates,
} from '../desired/desired.ts';
import type { Gate } from '../gate/mesh-gate.ts';
import { describeRotation, isTurning, type Tracks } from '../issuance/tracks.ts';
import { Applier, forceConflictsOf } from '../live/applier.ts';
import { OutsideProofs } from '../proofs/outside-proofs.ts';
import { giveBackAfter } from './give-back.ts';
import { type Rolled, rollAndGate } from './rolling.ts';
import { planRollout } from './rollout.ts';
import { beginTransition, buildGate, type Goal, requireTrust, type Transition } from './transition.ts';

/** The inputs that a convergence reads. */
export type ConvergenceInputs = Pick<DeployInputs, 'certificateValidityMs' | 'renewBeforeMs' | 'caOverlapMs' | 'allow'>;

/** The verified state of the cluster. */
export type Converged = Pick<Desired, 'tracks' | 'configuration'> &
  Pick<Desired['issued'], 'certificates' | 'leaves'> &
  Pick<VerifiedRolled, 'gate' | 'updateRevision' | 'setVersion'> & {
    /** The gate that this state passed last. */
    readonly lastGate: Gate;
    /** The checks from outside. The caller must require them, and then close them. */
    readonly proofs: OutsideProofs;
    /** The changed objects, as `Kind/name`. */
    readonly changed: readonly string[];
    readonly reloaded: readonly string[];
    readonly issued: readonly string[];
  };

type VerifiedRolled = Rolled & { readonly proofs: OutsideProofs };

/**
 * Brings the cluster to the wanted state, then continues a rotation as far as it may go. Each phase is verified on
 * every server before the next one is written, so the next run can continue after one that died.
 */
export async function converge(run: Run<ConvergenceInputs>, goal: Goal, tracks: Tracks): Promise<Converged> {
  const takesConflicts = forceConflictsOf(goal.live, run.inputs.allow);
  const rollout = await planRollout(run, goal.spec, takesConflicts, goal.live);
  return await new Convergence(run, goal, rollout).converge(tracks);
}

class Convergence {
  readonly #run: Run<ConvergenceInputs>;
  readonly #goal: Goal;
  readonly #applier: Applier;
  readonly #changed: string[] = [];
  readonly #reloaded: string[] = [];
  readonly #issued: string[] = [];
  #rollout: Rollout;
  #rolled: VerifiedRolled | undefined;
  #verifiedRevision = '';

  constructor(run: Run<ConvergenceInputs>, goal: Goal, rollout: Rollout) {
    const { api, signal, inputs } = run;
    this.#run = run;
    this.#goal = goal;
    this.#rollout = rollout;
    const takesConflicts = forceConflictsOf(goal.live, inputs.allow);
    this.#applier = new Applier({ api, before: goal.live.objects, takesConflicts, signal });
  }

  async converge(tracks: Tracks): Promise<Converged> {
    const holdsTemplate = this.#goal.holdsTemplate ?? false;
    let desired = await buildDesired(this.#issuing(), tracks, this.#goal.live.stored);
    await requireRequestedCertificates(this.#issuing(), desired);
    let before: Desired | undefined;
    for (;;) {
      const transition = beginTransition(
        this.#goal,
        desired,
        before && { desired: before, revision: this.#verifiedRevision },
      );
      const rolled = await this.#applyAndRoll(transition, before);
      if (!holdsTemplate) await requireTrust(this.#run, transition, rolled.updateRevision);
      const next = holdsTemplate ? undefined : await buildNextDesired(this.#issuing(), desired);
      if (next === undefined) return this.#finish(transition, rolled);
      if (next.configuration.revision !== this.#verifiedRevision) rolled.proofs.close();
      describeRotation(desired.tracks, next.tracks).forEach((line) => this.#run.runner.info(line));
      [before, desired] = [desired, next];
    }
  }

  /** Returns the options by which the certificates of a phase are issued now. */
  #issuing() {
    const { certificateValidityMs, renewBeforeMs, caOverlapMs } = this.#run.inputs;
    const { spec, userProvided, forced } = this.#goal;
    const issuance = { certificateValidityMs, renewBeforeMs, forced };
    return { spec, userProvided, issuance, caOverlapMs, now: this.#run.runner.now() };
  }

  /** Applies the state, and brings the servers to it unless they already have it. */
  async #applyAndRoll(transition: Transition, before: Desired | undefined): Promise<VerifiedRolled> {
    const { runner, diagnoser } = this.#run;
    const { spec, desired } = transition;
    const { issued } = desired.issued;
    diagnoser.about(buildSubject(spec, desired, transition.live));
    issued.forEach((line) => runner.info(`issued: ${line}`));
    this.#issued.push(...issued);
    const applied = await this.#apply(transition, before);
    const { revision } = desired.configuration;
    if (this.#rolled !== undefined && this.#verifiedRevision === revision) return this.#rolled;
    const rolled = await this.#roll(transition, before, applied);
    this.#rolled = rolled;
    this.#rollout = INITIAL_ROLLOUT;
    this.#verifiedRevision = revision;
    this.#changed.push(...rolled.replaced, ...rolled.gate.restarted.map((pod) => `Pod/${pod}`));
    this.#reloaded.push(...rolled.gate.reloaded);
    return rolled;
  }

  /** Applies the objects. Returns the changed ones, as `Kind/name`. */
  async #apply(transition: Transition, before: Desired | undefined): Promise<readonly string[]> {
    const { runner, waiting } = this.#run;
    const { spec, settings, desired } = transition;
    waiting.enter('apply');
    const waves = buildManifestWaves(spec, collectMaterial(settings, desired), this.#rollout);
    requireSizes(waves.flat(), desired.tracks.credentials);
    const applied = await this.#orGiveBack(transition, before, async () => await this.#applier.apply(waves));
    const admitted = this.#applier.takeAdmissionChanges();
    if (admitted.length > 0) {
      runner.warning('Changed by admission', `the Kubernetes cluster changed what was applied: ${admitted.join('; ')}`);
    }
    runner.info(applied.length === 0 ? 'applied: no object changed' : `applied: ${applied.join(', ')}`);
    this.#changed.push(...applied);
    this.#run.diagnoser.changed(applied);
    return applied;
  }

  async #roll(
    transition: Transition,
    before: Desired | undefined,
    applied: readonly string[],
  ): Promise<VerifiedRolled> {
    const run = this.#run;
    const { spec, live, desired } = transition;
    const { tracks, issued } = desired;
    run.waiting.enter('wait');
    const statefulSet = this.#applier.known(`StatefulSet/${clusterNames(spec.name).statefulSet}`);
    // The pod list that was read earlier is outdated once a write concerns the pods.
    const isCurrent = this.#rolled === undefined && (applied.length === 0 || live.pods.length === 0);
    const podList = isCurrent ? live.podList : undefined;
    // Early checks are wasted if nothing changed, because an earlier run may have verified everything. They are also
    // wasted in a phase that is not the last of a rotation.
    const isEarly = applied.length > 0 && !isTurning(tracks);
    const { certificates } = issued;
    const { credentials } = tracks;
    return await this.#orGiveBack(transition, before, async () => {
      const { api, signal, runner } = run;
      const proofs = new OutsideProofs({ api, signal, spec, certificates, credentials, now: runner.now });
      try {
        const known = { statefulSet, podList, proofs: isEarly ? proofs : undefined };
        return { ...(await rollAndGate(run, transition, known)), proofs };
      } catch (error) {
        proofs.close();
        throw error;
      }
    });
  }

  async #orGiveBack<Result>(
    transition: Transition,
    before: Desired | undefined,
    work: () => Promise<Result>,
  ): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      const overwritten = this.#applier.overwritten();
      throw await giveBackAfter(this.#run, transition, { overwritten, desired: before }, error);
    }
  }

  #finish(transition: Transition, rolled: VerifiedRolled): Converged {
    const { gate, updateRevision, setVersion, proofs } = rolled;
    const { tracks, issued, configuration } = transition.desired;
    const { certificates, leaves } = issued;
    const lastGate = buildGate(this.#run, transition, () => updateRevision);
    const [changed, reloaded] = [[...new Set(this.#changed)], [...new Set(this.#reloaded)]];
    const done = { changed, reloaded, issued: this.#issued };
    return { tracks, certificates, leaves, configuration, gate, updateRevision, setVersion, lastGate, proofs, ...done };
  }
}
