import { FIELD_MANAGER } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { type DryRun, isWritten } from '../../forecast/object-change.ts';
import type { DeployInputs } from '../../inputs/inputs.ts';
import {
  buildManifests,
  buildManifestWaves,
  INITIAL_ROLLOUT,
  type Manifest,
  type Rollout,
} from '../../manifests/manifests.ts';
import { type JsonRecord, recordOf } from '../../objects/json.ts';
import { type KubernetesObject, objectKey } from '../../objects/object.ts';
import type { Run } from '../context/run.ts';
import type { DeployDecision } from '../decision/decision.ts';
import { collectMaterial, type Desired } from '../desired/desired.ts';
import { requireAsApplied } from '../live/admission.ts';
import { findLeftoverKeys, forceConflictsOf, keepLiveType } from '../live/applier.ts';
import { allOrFirstError } from '../live/requests.ts';
import { planRollout } from '../rollout/rollout.ts';
import { isTakingOver } from '../takeover/takeover.ts';
import type { AssumedState } from './planned-servers.ts';

export type DryRunOptions = Pick<Run<unknown>, 'api' | 'signal'> & {
  /** The live objects by `Kind/name`. */
  readonly before: ReadonlyMap<string, KubernetesObject>;
  /** Checks whether to take the fields of this object that another manager holds. */
  readonly takesConflicts: (key: string) => boolean;
  readonly spec: ClusterSpec;
  readonly settings: string;
  /** The rollout of the first phase. Later phases begin when the rolling change has ended. */
  readonly rollout: Rollout;
  /** The objects, by `Kind/name`, that a new object of the same name replaces. */
  readonly replacedObjects: ReadonlyMap<string, { readonly content: KubernetesObject | undefined }>;
  /** Whether keys of other owners are removed from the Secrets in the end. */
  readonly isTakingOver: boolean;
  /** Whether a namespace exists in which the API server can do a dry run. */
  readonly canDryRun: boolean;
};

/** Returns the writes that `deploy` would make to carry out the decision. */
export async function dryRunDecision(
  run: Run<DeployInputs>,
  { settings, createdNamespace }: DeployDecision,
  { spec, live, replacedObjects }: AssumedState,
  phases: readonly Desired[],
): Promise<readonly DryRun[]> {
  const { api, inputs, signal } = run;
  const takesConflicts = forceConflictsOf(live, inputs.allow);
  const rollout = await planRollout(run, spec, takesConflicts, live);
  const options = { api, signal, spec, settings, rollout, before: live.objects, replacedObjects, takesConflicts };
  const canDryRun = !createdNamespace;
  return await dryRunPhases({ ...options, isTakingOver: isTakingOver(live), canDryRun }, phases);
}

/**
 * Returns the writes that applying these phases in order would make, with each object in its final state. Objects
 * without a write are left out. Nothing is changed.
 * @throws ActionError APPLY_CONFLICT, APPLY_REJECTED, FORBIDDEN as applying the phases would
 */
export async function dryRunPhases(options: DryRunOptions, phases: readonly Desired[]): Promise<readonly DryRun[]> {
  const runs = new Map<string, DryRun>();
  const sent = new Map<string, string>();
  const written = new Set<string>();
  for (const [index, desired] of phases.entries()) {
    const rollout = index === 0 ? options.rollout : INITIAL_ROLLOUT;
    const material = collectMaterial(options.settings, desired);
    const own = new Map(
      buildManifests(dropOverrides(options.spec), material, rollout).map((each) => [objectKey(each), each]),
    );
    for (const wave of buildManifestWaves(options.spec, material, rollout)) {
      const changed = wave.filter((manifest) => sent.get(objectKey(manifest)) !== JSON.stringify(manifest));
      // `deploy` throws the first error of the wave, too.
      for (const run of await allOrFirstError(
        ...changed.map(async (manifest) => await dryRunObject(options, manifest, own)),
      )) {
        runs.set(run.object, run);
        if (isWritten(run.before, run.answer)) written.add(run.object);
      }
      changed.forEach((manifest) => sent.set(objectKey(manifest), JSON.stringify(manifest)));
    }
  }
  return [...runs.values()].filter(({ object }) => written.has(object));
}

async function dryRunObject(
  { api, before, replacedObjects, takesConflicts, isTakingOver, canDryRun, signal }: DryRunOptions,
  built: Manifest,
  ownManifests: ReadonlyMap<string, Manifest>,
): Promise<DryRun> {
  const object = objectKey(built);
  const live = before.get(object);
  const asked = keepLiveType(built, live);
  const own = ownManifests.get(object) ?? {};
  const obstacle = replacedObjects.get(object);
  const replaced = obstacle && { content: obstacle.content?.raw };
  if (!canDryRun) {
    return { object, asked, own, before: live?.raw, answer: undefined, replaced };
  }
  const { name } = asked.metadata;
  // The dry run uses another name, because the object to replace refuses a change of immutable fields. A deployment
  // name never begins with a digit.
  const dryRunManifest =
    obstacle === undefined ? asked : { ...asked, metadata: { ...asked.metadata, name: `0-${name}-planned` } };
  const options = { fieldManager: FIELD_MANAGER, force: takesConflicts(object), dryRun: true };
  const answered = await api.apply(dryRunManifest, options, signal);
  requireAsApplied(dryRunManifest, answered.raw);
  const raw = isTakingOver ? removeKeys(answered, findLeftoverKeys(answered)) : answered.raw;
  const answer = { ...raw, metadata: { ...recordOf(raw['metadata']), name } };
  return { object, asked, own, before: live?.raw, answer, replaced };
}

function dropOverrides(spec: ClusterSpec): ClusterSpec {
  return { ...spec, overrides: [] };
}

function removeKeys({ raw }: KubernetesObject, keys: readonly string[]): JsonRecord {
  const data = Object.entries(recordOf(raw['data'])).filter(([key]) => !keys.includes(key));
  return keys.length === 0 ? raw : { ...raw, data: Object.fromEntries(data) };
}
