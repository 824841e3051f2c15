import type { ActionError } from '../errors.ts';
import type { LeftObject } from './deletion-report.ts';

/** A preview, as `namespace/name`, and why it went or stays. */
export type PreviewOutcome = { readonly preview: string; readonly why: string };

/** What became of the previews that were found. */
export type PruneReport = {
  readonly kind: 'prune';
  /** Undefined for all. */
  readonly namespace: string | undefined;
  readonly pruned: readonly PreviewOutcome[];
  readonly staying: readonly PreviewOutcome[];
  readonly failed: readonly { readonly preview: string; readonly error: ActionError }[];
  /** Namespaces that went with their last preview. */
  readonly namespaces: readonly string[];
  /** What was found under the names of previews that went, and stays. Objects are named `namespace: Kind/name`. */
  readonly left: readonly LeftObject[];
};
