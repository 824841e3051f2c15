import type { ClusterSpec } from '../../cluster/spec.ts';
import { type JsonRecord, recordOf } from '../../kubernetes/objects/json.ts';
import type { KubernetesObject } from '../../kubernetes/objects/object.ts';
import { type Manifest, manifestsFor, manifestWavesFor } from '../../manifests/manifests.ts';
import { INITIAL_ROLLOUT, type Rollout } from '../../manifests/stateful-set.ts';
import { type DryRun, isWritten } from '../../plan/object-change.ts';
import { type Desired, materialOf } from '../desired.ts';
import { type ApplierTerms, FIELD_MANAGER, ofLiveType } from '../rollout/applied.ts';
import { leftoverKeys } from '../takeover/leftover-keys.ts';

export type DryRunTerms = ApplierTerms & {
  readonly spec: ClusterSpec;
  readonly settings: string;
  /** Of the first phase; those after it find the rolling change done. */
  readonly rollout: Rollout;
  /** By `Kind/name`, what gives way to a new object of its name. */
  readonly givesWay: ReadonlyMap<string, { readonly content: KubernetesObject | undefined }>;
  /** Whether keys of somebody else go from the Secrets in the end. */
  readonly isTakingOver: boolean;
  /** Whether there is a namespace in which the API server can be asked. */
  readonly isAsked: boolean;
};

/**
 * What applying these phases one after the other would write, each object as it is in the end: those that nothing
 * would be written to are left out. Nothing is changed.
 * @throws ActionError APPLY_CONFLICT, APPLY_REJECTED, FORBIDDEN as applying them would
 */
export async function dryRuns(terms: DryRunTerms, phases: readonly Desired[]): Promise<readonly DryRun[]> {
  const runs = new Map<string, DryRun>();
  const sent = new Map<string, string>();
  const written = new Set<string>();
  for (const [index, desired] of phases.entries()) {
    const rollout = index === 0 ? terms.rollout : INITIAL_ROLLOUT;
    const material = materialOf(terms.settings, desired);
    const own = new Map(
      manifestsFor(withoutOverrides(terms.spec), material, rollout).map((each) => [keyOf(each), each]),
    );
    for (const wave of manifestWavesFor(terms.spec, material, rollout)) {
      const changed = wave.filter((manifest) => sent.get(keyOf(manifest)) !== JSON.stringify(manifest));
      for (const outcome of await Promise.allSettled(
        changed.map(async (manifest) => await dryRun(terms, manifest, own)),
      )) {
        if (outcome.status === 'rejected') {
          throw outcome.reason; // As `deploy` would: the first of the wave.
        }
        const { value: run } = outcome;
        runs.set(run.object, run);
        if (isWritten(run.before, run.answer)) written.add(run.object);
      }
      changed.forEach((manifest) => sent.set(keyOf(manifest), JSON.stringify(manifest)));
    }
  }
  return [...runs.values()].filter(({ object }) => written.has(object));
}

async function dryRun(
  { api, before, givesWay, takesConflicts, isTakingOver, isAsked, signal }: DryRunTerms,
  built: Manifest,
  ownManifests: ReadonlyMap<string, Manifest>,
): Promise<DryRun> {
  const object = keyOf(built);
  const live = before.get(object);
  const asked = ofLiveType(built, live);
  const own = ownManifests.get(object) ?? {};
  const gone = givesWay.get(object);
  const replaced = gone && { content: gone.content?.raw };
  if (!isAsked) {
    return { object, asked, own, before: live?.raw, answer: undefined, replaced };
  }
  const { name } = asked.metadata;
  // Beside what gives way to it, which refuses what can never change.
  const apart = gone === undefined ? asked : { ...asked, metadata: { ...asked.metadata, name: `${name}-planned` } };
  const options = { fieldManager: FIELD_MANAGER, force: takesConflicts(object), dryRun: true };
  const answered = await api.apply(apart, options, signal);
  const raw = isTakingOver ? withoutKeys(answered, leftoverKeys(answered)) : answered.raw;
  const answer = { ...raw, metadata: { ...recordOf(raw['metadata']), name } };
  return { object, asked, own, before: live?.raw, answer, replaced };
}

function withoutOverrides(spec: ClusterSpec): ClusterSpec {
  return { ...spec, overrides: [] };
}

function withoutKeys({ raw }: KubernetesObject, keys: readonly string[]): JsonRecord {
  const data = Object.entries(recordOf(raw['data'])).filter(([key]) => !keys.includes(key));
  return keys.length === 0 ? raw : { ...raw, data: Object.fromEntries(data) };
}

function keyOf({ kind, metadata }: Manifest): string {
  return `${kind}/${metadata.name}`;
}
