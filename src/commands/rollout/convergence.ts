import { clusterNames } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { type Disconnections, describeDisconnections } from '../../forecast/consequences.ts';
import type { Consent } from '../../inputs/rows/consent.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import { buildManifestWaves, INITIAL_ROLLOUT } from '../../manifests/manifests.ts';
import type { Certificates } from '../../manifests/material.ts';
import type { Runner } from '../../runner/runner.ts';
import type { Waiting } from '../context/waiting.ts';
import { type Configuration, requireSizes } from '../desired/configuration.ts';
import {
  buildDesired,
  buildNextDesired,
  buildSubject,
  collectMaterial,
  type Desired,
  requireRequestedCertificates,
} from '../desired/desired.ts';
import type { Diagnoser } from '../diagnosis/diagnoser.ts';
import { insist } from '../gate/insistence.ts';
import type { GateTerms, PassedGate } from '../gate/mesh-gate.ts';
import type { IssuancePolicy, Issued } from '../issuance/issuance.ts';
import { describeRotation, isTurning, type Tracks } from '../issuance/tracks.ts';
import type { UserProvidedCertificates } from '../issuance/user-provided.ts';
import { Applier, forceConflictsOf } from '../live/applier.ts';
import type { LiveState } from '../live/live-state.ts';
import { verifyTrust } from '../proofs/client-proofs.ts';
import { createOutsideProofs, type OutsideProofs } from '../proofs/outside-proofs.ts';
import { createTrial } from '../reload/trial.ts';
import { disconnectionsAfter, disconnectionsBetween } from './disconnections.ts';
import { givenBack } from './give-back.ts';
import { gateTerms, type Rolled, rollAndGate, type StateTerms } from './rolling.ts';
import { plannedRollout } from './rollout.ts';

export type ConvergenceTerms = {
  readonly api: KubernetesApi;
  readonly runner: Runner;
  readonly waiting: Waiting;
  readonly diagnoser: Diagnoser;
  readonly signal: AbortSignal;
  /**
   * The signal that also ends giving back the previous state after a failure: a cancellation, or another run that has
   * the lock.
   */
  readonly stop: AbortSignal;
  readonly spec: ClusterSpec;
  readonly live: LiveState;
  readonly adopted: UserProvidedCertificates;
  readonly settings: string;
  readonly issuance: Omit<IssuancePolicy, 'now'>;
  readonly caOverlapMs: number;
  readonly allow: readonly Consent[];
  /** The connections that servers close, as in `Decision`. */
  readonly closed: Disconnections['closed'];
  /** Whether servers keep their template and no rotation continues, because some servers have yet to leave. */
  readonly holdsTemplate?: boolean;
};

const TRUST_ATTEMPTS = 3;

/** The verified state of the cluster. */
export type Converged = {
  readonly tracks: Tracks;
  readonly certificates: Certificates;
  readonly leaves: Issued['leaves'];
  readonly configuration: Configuration;
  readonly gate: PassedGate;
  readonly updateRevision: string;
  readonly setVersion: string;
  /** The terms of the gate that this state passed last. */
  readonly gateTerms: GateTerms;
  /** The checks from outside, which the caller has yet to require and then close. */
  readonly proofs: OutsideProofs;
  /** The changed objects, as `Kind/name`. */
  readonly changed: readonly string[];
  readonly reloaded: readonly string[];
  readonly issued: readonly string[];
};

/**
 * Brings the cluster to the wanted state, then continues a rotation under way as far as it may go. Each phase is
 * applied, gated and verified on every server before the next one is written, so a run that dies leaves a phase from
 * which the next run continues.
 */
export async function converge(terms: ConvergenceTerms, begun: Tracks): Promise<Converged> {
  const { runner, waiting, diagnoser, spec, live, signal, api } = terms;
  const takesConflicts = forceConflictsOf(live, terms.allow);
  const applier = new Applier({ api, before: live.objects, takesConflicts, signal });
  const [changed, reloaded, lines]: [string[], string[], string[]] = [[], [], []];
  let rollout = await plannedRollout({ api, spec, takesConflicts, signal }, live);
  let desired = await buildDesired({ ...terms, now: runner.now() }, begun, live.stored);
  await requireRequestedCertificates({ ...terms, now: runner.now() }, desired);
  let rolled: ProvedRolled | undefined;
  let proved = '';
  let before: Desired | undefined;
  for (;;) {
    const { tracks, issued, configuration } = desired;
    const known = before === undefined ? live.verifiedRevision?.split('.')[0] : proved;
    const state: StateTerms = {
      ...terms,
      trial: createTrial(() => performance.now()),
      isNews: known !== configuration.revision,
      disconnected: describeDisconnections(
        before === undefined
          ? disconnectionsAfter(live.stored, tracks.credentials, terms.closed)
          : disconnectionsBetween(before.tracks.credentials, tracks.credentials),
      ),
    };
    const wanted = desired;
    const orGiveBack = async <Result>(work: () => Promise<Result>): Promise<Result> => {
      try {
        return await work();
      } catch (error) {
        throw await givenBack(state, wanted, { overwritten: applier.overwritten(), desired: before }, error);
      }
    };
    diagnoser.about(buildSubject(spec, desired));
    issued.issued.forEach((line) => runner.info(`issued: ${line}`));
    lines.push(...issued.issued);
    waiting.enter('apply');
    const waves = buildManifestWaves(spec, collectMaterial(terms.settings, desired), rollout);
    requireSizes(waves.flat(), tracks.credentials);
    const applied = await orGiveBack(async () => await applier.apply(waves));
    warnOfAdmission(runner, applier.takeAdmissionChanges());
    runner.info(applied.length === 0 ? 'applied: no object changed' : `applied: ${applied.join(', ')}`);
    changed.push(...applied);
    if (rolled === undefined || proved !== configuration.revision) {
      waiting.enter('wait');
      const statefulSet = applier.known(`StatefulSet/${clusterNames(spec.name).statefulSet}`);
      // The pod list that was read earlier is outdated once a write concerns the pods.
      const isNews = rolled === undefined && (applied.length === 0 || live.pods.length === 0);
      const podList = isNews ? live.podList : undefined;
      const rolling = async (proofs: OutsideProofs): Promise<Rolled> => {
        // Early checks are wasted if nothing changed, because an earlier run may have verified everything, and in a
        // phase that another one follows.
        const told = applied.length > 0 && !isTurning(tracks) ? proofs : undefined;
        return await rollAndGate(state, wanted, { statefulSet, podList, proofs: told });
      };
      rolled = await orGiveBack(async () => await proveWhile(terms, wanted, rolling));
      rollout = INITIAL_ROLLOUT;
      proved = configuration.revision;
      changed.push(...rolled.replaced);
      changed.push(...rolled.gate.restarted.map((pod) => `Pod/${pod}`));
      reloaded.push(...rolled.gate.reloaded);
    }
    if (terms.holdsTemplate !== true) await requireTrust(state, desired, rolled.updateRevision);
    const next =
      terms.holdsTemplate === true ? undefined : await buildNextDesired({ ...terms, now: runner.now() }, desired);
    if (next === undefined) {
      const { gate, updateRevision, setVersion, proofs } = rolled;
      const { certificates, leaves } = issued;
      const provedTerms = gateTerms(state, desired, () => updateRevision);
      const told = { changed: unique(changed), reloaded: unique(reloaded), issued: lines };
      const standing = { gate, updateRevision, setVersion, gateTerms: provedTerms, proofs };
      return { tracks, certificates, leaves, configuration, ...standing, ...told };
    }
    if (next.configuration.revision !== proved) rolled.proofs.close();
    describeRotation(tracks, next.tracks).forEach((line) => runner.info(line));
    before = desired;
    desired = next;
  }
}

function warnOfAdmission({ warning }: ConvergenceTerms['runner'], changes: readonly string[]): void {
  if (changes.length > 0) {
    warning('Changed by admission', `the Kubernetes cluster changed what was applied: ${changes.join('; ')}`);
  }
}

type ProvedRolled = Rolled & { readonly proofs: OutsideProofs };

async function proveWhile(
  { api, runner, spec, signal }: ConvergenceTerms,
  { tracks: { credentials }, issued: { certificates } }: Desired,
  roll: (proofs: OutsideProofs) => Promise<Rolled>,
): Promise<ProvedRolled> {
  const proofs = createOutsideProofs({ api, spec, certificates, credentials, now: runner.now, signal });
  try {
    return { ...(await roll(proofs)), proofs };
  } catch (error) {
    proofs.close();
    throw error;
  }
}

async function requireTrust(terms: StateTerms, desired: Desired, updateRevision: string): Promise<void> {
  const { api, runner, spec, signal } = terms;
  const { certificates } = desired.issued;
  const gate = gateTerms(terms, desired, () => updateRevision);
  const proved = await insist({ gate, runner, code: 'ROTATION_UNSAFE', attempts: TRUST_ATTEMPTS }, async () => {
    return await verifyTrust({ api, spec, signal, certificates, now: runner.now() });
  });
  proved.forEach((line) => runner.info(`proved: ${line}`));
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
