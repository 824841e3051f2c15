import type { ActionError } from '../errors.ts';
import type { LeftObject } from './deletion-report.ts';

/** A preview, as `namespace/name`, and the reason why it was deleted or stays. */
export type PreviewOutcome = { readonly preview: string; readonly why: string };

/** The result for the previews that were found. */
export type PruneReport = {
  readonly kind: 'prune';
  /** The namespace; undefined for all namespaces. */
  readonly namespace: string | undefined;
  readonly pruned: readonly PreviewOutcome[];
  readonly staying: readonly PreviewOutcome[];
  readonly failed: readonly { readonly preview: string; readonly error: ActionError }[];
  /** The namespaces that were deleted with their last preview. */
  readonly namespaces: readonly string[];
  /** The objects that have a name of a deleted preview but are kept. Objects are named `namespace: Kind/name`. */
  readonly left: readonly LeftObject[];
};
