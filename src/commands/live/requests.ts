import { hasCode } from '../../errors/action-error.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import type { ObjectRef } from '../../kubernetes/resources.ts';
import type { KubernetesObject } from '../../objects/object.ts';

/**
 * Waits for all requests and returns their results. If several fail, throws the error of the first in argument order,
 * because the other errors usually follow from it.
 */
export async function allOrFirstError<const Results extends readonly unknown[]>(
  ...promises: { readonly [Index in keyof Results]: Promise<Results[Index]> }
): Promise<Results> {
  const settled = await Promise.allSettled(promises);
  const failed = settled.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  return await Promise.all(promises);
}

const MAX_ATTEMPTS = 5;

type Writing = {
  readonly api: Pick<KubernetesApi, 'get'>;
  readonly ref: ObjectRef;
  readonly signal: AbortSignal;
  /** Throws when the object that was read again must not be written. */
  readonly requireOwn?: (object: KubernetesObject) => void;
};

/**
 * Writes onto the known version, so that a writer that was paused after its lock check cannot undo a later write of
 * another writer. The version may also be old because a controller wrote the status: this function then reads the
 * object, and writes once more after another lock check. Without a known version, the object did not exist, so the
 * write has no precondition.
 * @throws ActionError APPLY_CONFLICT; LOCKED by the guard of the `api` that `write` uses.
 */
export async function writeOnVersion<Result>(
  { api, ref, signal, requireOwn }: Writing,
  known: string | undefined,
  write: (precondition: { readonly resourceVersion?: string }) => Promise<Result>,
): Promise<Result> {
  for (let version = known, attempt = 1; ; attempt++) {
    try {
      return await write(version === undefined ? {} : { resourceVersion: version });
    } catch (error) {
      if (!isOlderVersion(error) || attempt === MAX_ATTEMPTS) {
        throw error;
      }
    }
    const found = await api.get(ref, signal);
    if (found !== undefined) requireOwn?.(found);
    version = found?.metadata.resourceVersion;
  }
}

export async function readVersion({ api, ref, signal }: Writing): Promise<string | undefined> {
  return (await api.get(ref, signal))?.metadata.resourceVersion;
}

function isOlderVersion(error: unknown): boolean {
  return hasCode(error, 'APPLY_CONFLICT') && error.reason === 'Conflict';
}
