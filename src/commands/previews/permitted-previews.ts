import type { Preview } from '../../cluster/preview.ts';
import type { PruneInputs } from '../../inputs/inputs.ts';
import { missingDeletePermissions } from '../preflight/preflight.ts';
import type { Run } from '../run.ts';

export type Spared = { readonly preview: Preview; readonly why: string };

/**
 * Returns the previews in namespaces where the credentials may delete, and those that stay because the credentials may
 * not.
 */
export async function permittedPreviews(
  { api, inputs, signal }: Pick<Run<PruneInputs>, 'api' | 'inputs' | 'signal'>,
  previews: readonly Preview[],
): Promise<{ readonly may: readonly Preview[]; readonly mayNot: readonly Spared[] }> {
  const missing = new Map<string, readonly string[]>();
  for (const namespace of new Set(previews.map((preview) => preview.namespace))) {
    missing.set(namespace, await missingDeletePermissions(api, namespace, inputs.allow, signal));
  }
  const may = previews.filter(({ namespace }) => missing.get(namespace)?.length === 0);
  const mayNot = previews.flatMap((preview): readonly Spared[] => {
    const lacking = missing.get(preview.namespace) ?? [];
    const why = `the credentials may not delete in namespace ${preview.namespace}: they lack ${lacking.join(', ')}`;
    return lacking.length === 0 ? [] : [{ preview, why }];
  });
  return { may, mayNot };
}
