import { decidePruning, isRenewed, type Preview, type PruneRule, previewTitle } from '../../cluster/preview.ts';
import { ActionError, hasCode, isActionError } from '../../errors/action-error.ts';
import type { PruneInputs } from '../../inputs/inputs.ts';
import type { LeftObject } from '../../report/reports.ts';
import type { Run } from '../context/run.ts';
import { Waiting } from '../context/waiting.ts';
import { listLeft, readFound } from '../deletion/found.ts';
import { removeFound } from '../deletion/removal.ts';
import { readPreview } from '../live/preview-record.ts';
import { underLock } from '../lock/locked-run.ts';
import { findMissingDeletePermissions } from '../preflight/permissions.ts';

export type Spared = { readonly preview: Preview; readonly why: string };

/**
 * Returns the previews in namespaces where the credentials may delete, and those that stay because the credentials may
 * not.
 */
export async function dividePreviews(
  { api, inputs, signal }: Pick<Run<PruneInputs>, 'api' | 'inputs' | 'signal'>,
  previews: readonly Preview[],
): Promise<{ readonly may: readonly Preview[]; readonly mayNot: readonly Spared[] }> {
  const missing = new Map<string, readonly string[]>();
  for (const namespace of new Set(previews.map((preview) => preview.namespace))) {
    missing.set(namespace, await findMissingDeletePermissions(api, namespace, inputs.allow, signal));
  }
  const may = previews.filter(({ namespace }) => missing.get(namespace)?.length === 0);
  const mayNot = previews.flatMap((preview): readonly Spared[] => {
    const lacking = missing.get(preview.namespace) ?? [];
    const why = `the credentials may not delete in namespace ${preview.namespace}: they lack ${lacking.join(', ')}`;
    return lacking.length === 0 ? [] : [{ preview, why }];
  });
  return { may, mayNot };
}

/**
 * The number of previews that are deleted at the same time. A deletion waits for servers to shut down, not for the API
 * server.
 */
const AT_ONCE = 5;

/** The time limit in milliseconds for one preview, so that a pod on a NotReady node leaves time for the others. */
const PREVIEW_MS = 180_000;

/**
 * The time limit in milliseconds for a lock. The lock of a killed run expires earlier, so a run that still holds the
 * lock after this time is alive.
 */
const LOCK_MS = 45_000;

type Failed = { readonly preview: Preview; readonly error: ActionError };

export type Pruning = {
  readonly pruned: readonly Spared[];
  readonly staying: readonly Spared[];
  readonly failed: readonly Failed[];
  readonly left: readonly LeftObject[];
};

type Outcome =
  | { readonly kind: 'pruned'; readonly why: string; readonly left: readonly LeftObject[] }
  | { readonly kind: 'stays'; readonly why: string }
  | { readonly kind: 'failed'; readonly error: ActionError };

/**
 * Deletes these previews, a few at a time. The outcome of one does not affect the others; a cancellation ends them all.
 * Each preview is read again under its lock: one that a `deploy` has renewed since stays.
 */
export async function prunePreviews(
  run: Run<PruneInputs>,
  previews: readonly Preview[],
  terms: PruneRule,
): Promise<Pruning> {
  const outcomes: { readonly preview: Preview; readonly outcome: Outcome }[] = [];
  const queue = previews.values();
  const work = async (): Promise<void> => {
    for (const preview of queue) {
      const outcome = await tryPrune(run, preview, terms);
      run.runner.info(`${previewTitle(preview)}: ${describeOutcome(outcome)}`);
      outcomes.push({ preview, outcome });
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, work));
  const broken = ended.find(({ status }) => status === 'rejected');
  if (broken?.status === 'rejected') throw broken.reason;
  return collectOutcomes(outcomes);
}

async function tryPrune(run: Run<PruneInputs>, preview: Preview, terms: PruneRule): Promise<Outcome> {
  const { stop, signal } = run;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(PREVIEW_MS)]);
  try {
    signal.throwIfAborted();
    return await prunePreview({ ...run, signal: limit }, preview, terms);
  } catch (error) {
    stop.throwIfAborted();
    if (hasCode(error, 'LOCKED') && error.reason === 'Held') {
      return { kind: 'stays', why: `another run holds its lock: ${error.details.holder}` };
    }
    if (isActionError(error)) return { kind: 'failed', error };
    if (limit.aborted) return { kind: 'failed', error: timeoutError(preview, error) };
    throw error;
  }
}

async function prunePreview(run: Run<PruneInputs>, preview: Preview, terms: PruneRule): Promise<Outcome> {
  const { api, inputs, runner, signal } = run;
  const { name, namespace } = preview;
  const title = previewTitle(preview);
  const target = { namespace, name, volumes: inputs.allow.includes('delete-volumes') };
  const scopedRunner = { ...runner, info: (line: string) => runner.info(`${title}: ${line}`), section: () => {} };
  const clock = (): number => performance.now();
  const own = {
    ...run,
    inputs: { name },
    runner: scopedRunner,
    waiting: new Waiting(scopedRunner, clock, clock() + PREVIEW_MS),
  };
  const patience = AbortSignal.any([signal, AbortSignal.timeout(LOCK_MS)]);
  const body = async (locked: Run<{ readonly name: string }>): Promise<Outcome> => {
    const { preview: now } = await readPreview(api, namespace, name, locked.signal);
    if (now === undefined || isRenewed(preview, now)) {
      return { kind: 'stays', why: 'it was deployed or deleted in the meantime' };
    }
    const { why } = decidePruning(now, terms);
    const found = await readFound(api, target, locked.signal);
    await removeFound(locked, target, found);
    const left = listLeft(found, target).map(({ object, why: because }) => ({
      object: `${namespace}: ${object}`,
      why: because,
    }));
    return { kind: 'pruned', why, left };
  };
  return await underLock(own, namespace, body, patience);
}

function describeOutcome(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'pruned':
      return `deleted, because ${outcome.why}`;
    case 'stays':
      return `kept, because ${outcome.why}`;
    case 'failed':
      return `not deleted: ${outcome.error.message}`;
  }
}

function collectOutcomes(outcomes: readonly { readonly preview: Preview; readonly outcome: Outcome }[]): Pruning {
  const all = { pruned: new Array<Spared>(), staying: new Array<Spared>(), failed: new Array<Failed>() };
  const left: LeftObject[] = [];
  for (const { preview, outcome } of outcomes) {
    switch (outcome.kind) {
      case 'pruned':
        all.pruned.push({ preview, why: outcome.why });
        left.push(...outcome.left);
        break;
      case 'stays':
        all.staying.push({ preview, why: outcome.why });
        break;
      case 'failed':
        all.failed.push({ preview, error: outcome.error });
        break;
    }
  }
  return { ...all, left };
}

function timeoutError(preview: Preview, cause: unknown): ActionError<'WAIT_TIMEOUT'> {
  const message = `the deadline passed before ${previewTitle(preview)} was deleted`;
  return new ActionError('WAIT_TIMEOUT', message, {
    hint: 'Run the job again: it continues with the other previews. If there are many, set a longer `timeout`.',
    details: { problems: [{ object: previewTitle(preview), reason: 'NotGone', message }] },
    cause,
  });
}
