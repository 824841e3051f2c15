import { hasCode } from '../../errors/action-error.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import { type KubernetesObject, objectKey } from '../../objects/object.ts';
import type { LeftObject } from '../../report/reports.ts';
import type { Run } from '../context/run.ts';
import { isCreatedNamespace } from '../live/ownership.ts';
import { type Contents, readContents } from './contents.ts';
import { describeRemaining, waitUntilDeleted } from './removal.ts';

const MAX_NAMED = 5;

const NOTHING: Contents = { objects: [], unread: [] };

type Outcome = { readonly deleted: readonly string[]; readonly left: readonly LeftObject[] };

export type NamespaceState = 'missing' | 'terminating' | 'existing';

/** Returns the state of a namespace; `existing` when the credentials may not read namespaces. */
export async function readNamespaceState(
  api: Pick<KubernetesApi, 'get'>,
  name: string,
  signal: AbortSignal,
): Promise<NamespaceState> {
  try {
    const found = await api.get({ kind: 'Namespace', name }, signal);
    if (found === undefined) return 'missing';
    return found.metadata.deletionTimestamp === undefined ? 'existing' : 'terminating';
  } catch (error) {
    if (hasCode(error, 'FORBIDDEN')) return 'existing';
    throw error;
  }
}

/**
 * Deletes the namespace if `create-namespace` made it and it is empty. Returns once the namespace no longer exists.
 * @throws ActionError WAIT_TIMEOUT when it still exists at the deadline
 */
export async function removeNamespace(
  run: Pick<Run<unknown>, 'api' | 'runner' | 'waiting' | 'signal' | 'stop'>,
  namespace: string,
): Promise<Outcome> {
  const { api, runner, signal } = run;
  const ref = { kind: 'Namespace', name: namespace } as const;
  const object = `Namespace/${namespace}`;
  const found = await api.get(ref, signal);
  if (found === undefined) {
    return { deleted: [], left: [] };
  }
  if (found.metadata.deletionTimestamp === undefined) {
    const contents = isCreatedNamespace(found) ? await readContents(api, namespace, signal) : NOTHING;
    const why = explainKeptNamespace(found, contents);
    if (why !== undefined) return { deleted: [], left: [{ object, why }] };
    runner.info(`deleting ${object}`);
    await api.remove(ref, { uid: found.metadata.uid }, signal);
  }
  await waitUntilDeleted(run, async () => {
    const now = await api.get(ref, signal);
    return now?.metadata.uid === found.metadata.uid ? [describeRemaining(now)] : [];
  });
  return { deleted: [object], left: [] };
}

/**
 * Returns why a namespace that holds `contents` stays; undefined when it may be deleted. Kinds that cannot be listed
 * count as content.
 */
export function explainKeptNamespace(namespace: KubernetesObject, contents: Contents): string | undefined {
  if (!isCreatedNamespace(namespace)) {
    return '`create-namespace` did not create it';
  }
  const { objects, unread } = contents;
  const reasons = [
    ...(objects.length === 0 ? [] : [`it is not empty: ${shortenList(objects.map(objectKey))}`]),
    ...(unread.length === 0 ? [] : [`these kinds could not be listed, and may have objects: ${shortenList(unread)}`]),
  ];
  return reasons.length === 0 ? undefined : reasons.join('; ');
}

function shortenList(names: readonly string[]): string {
  const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : '';
  return `${names.slice(0, MAX_NAMED).join(', ')}${more}`;
}
