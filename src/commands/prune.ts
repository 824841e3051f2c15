import { decidePruning, type Preview, type PruneRule, previewTitle } from '../cluster/preview.ts';
import { isActionError } from '../errors/action-error.ts';
import type { PruneInputs } from '../inputs/inputs.ts';
import type { PruneReport } from '../report/reports.ts';
import type { Run } from './context/run.ts';
import { readNamespaceState, removeNamespace } from './deletion/namespace.ts';
import { readPreviews } from './live/preview-record.ts';
import { requireDeletePermissions, requirePreviewView } from './preflight/permissions.ts';
import { dividePreviews, prunePreviews } from './previews/pruning.ts';

/**
 * Deletes the expired previews and, with `keep`, those that `keep` does not list. A preview that cannot be deleted does
 * not delay the others. A deployment without `ttl` is not a preview and is ignored.
 * @throws ActionError FORBIDDEN
 */
export async function prune(run: Run<PruneInputs>): Promise<PruneReport> {
  const { api, inputs, runner, waiting } = run;
  const namespace = inputs.allNamespaces ? undefined : (inputs.namespace ?? api.connection.namespace ?? 'default');
  const previews = await readAllowed(run, namespace);
  const terms: PruneRule = { keep: inputs.keep, now: runner.now() };
  const decisions = previews.map((preview) => ({ preview, ...decidePruning(preview, terms) }));
  const due = decisions.filter(({ kind }) => kind === 'prune').map(({ preview }) => preview);
  runner.info(`${previews.length} previews in ${namespace ?? 'all namespaces'}, ${due.length} of them to delete`);
  const { may, mayNot } = namespace === undefined ? await dividePreviews(run, due) : { may: due, mayNot: [] };
  waiting.enter('delete');
  const { pruned, staying, failed, left } = await prunePreviews(run, may, terms);
  const ofNamespaces = await removeNamespaces(
    run,
    pruned.map(({ preview }) => preview.namespace),
  );
  return {
    kind: 'prune',
    namespace,
    pruned: pruned.map(({ preview, why }) => ({ preview: previewTitle(preview), why })),
    staying: [...decisions.filter(({ kind }) => kind === 'stay'), ...mayNot, ...staying].map(({ preview, why }) => ({
      preview: previewTitle(preview),
      why,
    })),
    failed: [
      ...failed.map(({ preview, error }) => ({ preview: previewTitle(preview), error })),
      ...ofNamespaces.failed,
    ],
    namespaces: ofNamespaces.deleted,
    left: [...left, ...ofNamespaces.left],
  };
}

/**
 * Reads the previews. For one namespace, first requires every permission that a deletion needs, so that no deletion
 * stops halfway. For all namespaces, `dividePreviews` checks these permissions later.
 */
async function readAllowed(
  { api, inputs, signal }: Run<PruneInputs>,
  namespace: string | undefined,
): Promise<readonly Preview[]> {
  if (namespace === undefined) {
    await requirePreviewView(api, signal);
  } else if ((await readNamespaceState(api, namespace, signal)) !== 'existing') {
    return [];
  } else {
    await requireDeletePermissions(api, namespace, inputs.allow, signal);
  }
  return await readPreviews(api, namespace, signal);
}

/** Removes each namespace once. The caller has deleted its previews before. */
async function removeNamespaces(
  run: Run<PruneInputs>,
  namespaces: readonly string[],
): Promise<Pick<PruneReport, 'left' | 'failed'> & { readonly deleted: readonly string[] }> {
  const deleted: string[] = [];
  const left: PruneReport['left'][number][] = [];
  const failed: PruneReport['failed'][number][] = [];
  for (const namespace of run.inputs.allow.includes('delete-namespace') ? new Set(namespaces) : []) {
    try {
      const outcome = await removeNamespace(run, namespace);
      deleted.push(...outcome.deleted);
      left.push(...outcome.left);
    } catch (error) {
      run.stop.throwIfAborted();
      if (!isActionError(error)) throw error;
      failed.push({ preview: `Namespace/${namespace}`, error }); // The other namespaces are still removed.
    }
  }
  return { deleted, left, failed };
}
