import { clusterNames } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { type ActionError, problemError } from '../../errors/action-error.ts';
import { formatDuration } from '../../inputs/grammar/duration.ts';
import type { DeployInputs } from '../../inputs/inputs.ts';
import type { Run } from '../context/run.ts';
import type { LiveState } from '../live/live-state.ts';
import { foreignLeaseError, type PreviewRecord, recordPreview, removePreview } from '../live/preview-record.ts';
import { nameHolder } from '../lock/lock.ts';

/**
 * Refuses `ttl` for a permanent deployment, because it would make the deployment a preview, which is deleted after this
 * time. `givenName` is the text that `name` was made from.
 * @throws ActionError CHANGE_FORBIDDEN (`NoPreview`; `OtherPreview` if another text was converted to the same name;
 * `ForeignObjects` if its Lease has another owner)
 */
export function requirePreviewable(
  { name, ttlMs }: Pick<DeployInputs, 'name' | 'ttlMs'>,
  { objects }: Pick<LiveState, 'objects'>,
  { preview, isForeign }: PreviewRecord,
  givenName?: string,
): void {
  if (ttlMs !== undefined && isForeign) {
    throw foreignLeaseError(clusterNames(name).previewLease);
  }
  if (ttlMs !== undefined && preview?.origin !== undefined && givenName !== undefined && preview.origin !== givenName) {
    throw otherPreviewError(name, preview.origin, givenName);
  }
  if (ttlMs === undefined || preview !== undefined || objects.size === 0) {
    return;
  }
  const message = `${name} is deployed without ttl; with ttl: ${formatDuration(ttlMs)} it would be deleted after this time`;
  throw problemError('CHANGE_FORBIDDEN', {
    object: name,
    reason: 'NoPreview',
    message,
    hint: 'Leave `ttl` out, or give the preview another name; or delete the deployment first (`command: delete`).',
  });
}

/**
 * Returns the error about two texts that are converted to the same name. Two branches get the same name if one has the
 * shortened name of the other, or if their digests are equal.
 */
function otherPreviewError(name: string, origin: string, givenName: string): ActionError<'CHANGE_FORBIDDEN'> {
  const message = `the preview ${name} was created for ${JSON.stringify(origin)}, not for ${JSON.stringify(givenName)}, which is converted to the same name`;
  return problemError('CHANGE_FORBIDDEN', {
    object: name,
    reason: 'OtherPreview',
    message,
    hint: `Nothing was changed. Give this preview another name, for example that of another branch; or delete the other preview first: \`command: delete\`, \`name: ${name}\``,
  });
}

/** Renews the expiry of a preview and returns it. Without `ttl`, makes the preview permanent. */
export async function renewTerm(
  run: Run<DeployInputs>,
  { namespace, name }: Pick<ClusterSpec, 'namespace' | 'name'>,
  record: PreviewRecord,
): Promise<Date | undefined> {
  const { api, inputs, runner, signal } = run;
  if (inputs.ttlMs !== undefined) {
    const expires = new Date(runner.now().getTime() + inputs.ttlMs);
    const term = { expires, holder: nameHolder(runner.runUrl), origin: runner.givenName ?? name };
    await recordPreview(api, { namespace, name }, record, term, signal);
    return expires;
  }
  if (record.preview !== undefined) {
    await removePreview(api, record.preview, signal);
    runner.info(`${name} is now permanent, because ttl is not set: prune will not delete it`);
  }
  return undefined;
}
