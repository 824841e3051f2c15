import { clusterNames, FIELD_MANAGER, labelSelector, nameSelector } from '../../cluster/names.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import { isResourceKind, type ObjectRef } from '../../kubernetes/resources.ts';
import type { Run } from '../context/run.ts';
import { readIfPermitted } from '../live/live-state.ts';
import { explainForeign } from '../live/ownership.ts';
import { acquireLock, nameHolder } from './lock.ts';

const FENCE_ANNOTATION = 'nats-cluster-action/taken-over-by';

/**
 * Gives every object of a deployment a new version. A write of the run whose lock expired may still be on its way. That
 * write names the version that the run had read, so the API server refuses it from now on, even if this run has nothing
 * to change.
 */
async function fenceOff(
  api: KubernetesApi,
  { namespace, name, holder }: { readonly namespace: string; readonly name: string; readonly holder: string },
  signal: AbortSignal,
): Promise<void> {
  const selection = { namespace, labelSelector: labelSelector(name) };
  const names = clusterNames(name);
  const single: readonly ObjectRef[] = [
    { kind: 'StatefulSet', name: names.statefulSet, namespace },
    { kind: 'PodDisruptionBudget', name: names.podDisruptionBudget, namespace },
    { kind: 'NetworkPolicy', name: names.networkPolicy, namespace },
    { kind: 'PodMonitor', name: names.podMonitor, namespace },
  ];
  const [secrets, services, ...present] = await Promise.all([
    api.list('Secret', selection, signal),
    api.list('Service', selection, signal),
    ...single.map(async (ref) => await readIfPermitted(api.get(ref, signal))),
  ]);
  const found = [...secrets.objects, ...services.objects, ...present.filter((object) => object !== undefined)];
  const value = { metadata: { annotations: { [FENCE_ANNOTATION]: holder } } };
  await Promise.all(
    found.map(async (object) => {
      const { kind, metadata } = object;
      // A late write cannot concern an object that this action never applied.
      if (!isResourceKind(kind) || explainForeign(name, object) !== undefined) return;
      const ref = { kind, name: metadata.name, namespace };
      await api.patch(ref, { kind: 'merge', value }, { fieldManager: FIELD_MANAGER }, signal);
    }),
  );
}

/** Reads the Secrets of the deployment, so that their values are hidden before the log shows text of other writers. */
async function readSecrets<Inputs extends { readonly name: string }>(
  { api, inputs, runner, signal }: Run<Inputs>,
  namespace: string,
): Promise<void> {
  try {
    await api.list('Secret', { namespace, labelSelector: nameSelector(inputs.name) }, signal);
  } catch {
    // The log still names the holder of the lock. A later check reports whether the credentials may read Secrets.
    runner.release();
  }
}

/**
 * Runs `body` as the only run that changes the deployment. Its writes are checked against the lock, and it ends as soon
 * as another run is known to have the lock. `patience` ends only the wait for the lock.
 * @throws ActionError LOCKED
 */
export async function underLock<Inputs extends { readonly name: string }, Result>(
  run: Run<Inputs>,
  namespace: string,
  body: (locked: Run<Inputs>) => Promise<Result>,
  patience: AbortSignal = run.signal,
): Promise<Result> {
  const { api, inputs, runner, waiting, signal, stop } = run;
  waiting.enter('lock');
  const holder = nameHolder(runner.runUrl);
  const lock = await acquireLock({
    api,
    namespace,
    name: inputs.name,
    holder,
    waiting: runner.info,
    leftMs: patience === signal ? () => waiting.leftMs() : undefined,
    beforeNaming: async () => await readSecrets(run, namespace),
    signal: patience,
  });
  waiting.enter('preflight');
  const guarded = api.guarded(async () => await lock.check());
  try {
    if (lock.isTakenOver) {
      await fenceOff(guarded, { namespace, name: inputs.name, holder }, signal);
    }
    return await body({
      ...run,
      api: guarded,
      signal: AbortSignal.any([signal, lock.signal]),
      stop: AbortSignal.any([stop, lock.signal]),
    });
  } catch (error) {
    throw lock.signal.aborted && !stop.aborted ? lock.signal.reason : error;
  } finally {
    await lock.release();
  }
}
