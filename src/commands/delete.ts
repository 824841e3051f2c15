import type { DeleteInputs } from '../inputs/inputs.ts';
import type { DeletionReport } from '../report/reports.ts';
import type { Run } from './context/run.ts';
import { isNothing, listLeft, readFound, type Target } from './deletion/found.ts';
import { readNamespaceState, removeNamespace } from './deletion/namespace.ts';
import { removeFound } from './deletion/removal.ts';
import { underLock } from './lock/locked-run.ts';
import { requireDeletePermissions } from './preflight/permissions.ts';

type Outcome = Pick<DeletionReport, 'deleted' | 'left'>;

const NOTHING: Outcome = { deleted: [], left: [] };

/**
 * Deletes the objects of one deployment that this action owns, and returns once they no longer exist. Volumes, and a
 * namespace that was created for the deployment, are deleted only with opt-in. Objects of other owners stay.
 */
export async function deleteDeployment(run: Run<DeleteInputs>): Promise<DeletionReport> {
  const { api, inputs, signal } = run;
  const namespace = inputs.namespace ?? api.connection.namespace ?? 'default';
  const target = { namespace, name: inputs.name, volumes: inputs.allow.includes('delete-volumes') };
  const state = await readNamespaceState(api, namespace, signal);
  const shouldDeleteNamespace = inputs.allow.includes('delete-namespace');
  const outcome = state === 'existing' ? await deleteFrom(run, target) : NOTHING;
  const ofNamespace = shouldDeleteNamespace && state !== 'missing' ? await removeNamespace(run, namespace) : NOTHING;
  return {
    kind: 'deletion',
    name: inputs.name,
    namespace,
    deleted: [...outcome.deleted, ...ofNamespace.deleted],
    left: [...outcome.left, ...ofNamespace.left],
  };
}

async function deleteFrom(run: Run<DeleteInputs>, target: Target): Promise<Outcome> {
  const { api, inputs, waiting, signal } = run;
  await requireDeletePermissions(api, target.namespace, inputs.allow, signal);
  const before = await readFound(api, target, signal);
  if (isNothing(before, target)) {
    return { deleted: [], left: listLeft(before, target) };
  }
  return await underLock(run, target.namespace, async (locked) => {
    waiting.enter('delete');
    // Read again, because the run that held the lock before may have changed the objects.
    const found = await readFound(locked.api, target, locked.signal);
    return { deleted: await removeFound(locked, target, found), left: listLeft(found, target) };
  });
}
