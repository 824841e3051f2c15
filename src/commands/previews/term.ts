import { clusterNames } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { ActionError } from '../../errors.ts';
import { formatDuration } from '../../inputs/duration.ts';
import type { DeployInputs } from '../../inputs/inputs.ts';
import { lockHolder } from '../lock/lock.ts';
import type { LiveState } from '../preflight/live-state.ts';
import type { Run } from '../run.ts';
import { foreignLease, type PreviewRecord, recordPreview, removePreview } from './record.ts';

/**
 * Refuses to make a preview, which is deleted when its time has passed, of a deployment that was meant to stay.
 * @throws ActionError CHANGE_FORBIDDEN (`NoPreview`; `ForeignObjects` where its Lease is somebody else's)
 */
export function requirePreviewable(
  { name, ttlMs }: Pick<DeployInputs, 'name' | 'ttlMs'>,
  { objects }: Pick<LiveState, 'objects'>,
  { preview, isForeign }: PreviewRecord,
): void {
  if (ttlMs !== undefined && isForeign) {
    throw foreignLease(clusterNames(name).previewLease);
  }
  if (ttlMs === undefined || preview !== undefined || objects.size === 0) {
    return;
  }
  const message = `${name} is deployed without ttl; with ttl: ${formatDuration(ttlMs)} it would be deleted when that has passed`;
  throw new ActionError('CHANGE_FORBIDDEN', message, {
    reason: 'NoPreview',
    hint: 'Leave ttl out, or give the preview another name; or delete the deployment first (command: delete).',
    details: { problems: [{ object: name, reason: 'NoPreview', message }] },
  });
}

/** Gives a preview its time anew, and takes that from what is to stay; returns until when it stays. */
export async function renewTerm(
  run: Run<DeployInputs>,
  { namespace, name }: Pick<ClusterSpec, 'namespace' | 'name'>,
  record: PreviewRecord,
): Promise<Date | undefined> {
  const { api, inputs, runner, signal } = run;
  if (inputs.ttlMs !== undefined) {
    const expires = new Date(runner.now().getTime() + inputs.ttlMs);
    await recordPreview(api, { namespace, name }, record, { expires, holder: lockHolder(runner.runUrl) }, signal);
    return expires;
  }
  if (record.preview !== undefined) {
    await removePreview(api, record.preview, signal);
    runner.info(`${name} is no preview any more, as ttl is absent: prune leaves it alone`);
  }
  return undefined;
}
