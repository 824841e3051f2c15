import { isDeepStrictEqual } from 'node:util';
import type { ChangeClass } from '../change/input-change.ts';
import { isRecord } from '../manifests/merge-patch.ts';
import { objectDiff } from './object-diff.ts';
import { contentOf, type Fields, type ObjectPair, shownObjects } from './shown-objects.ts';

/** `own`: no value is another one, only who holds it. */
export type PlannedAction = 'create' | 'update' | 'own' | 'recreate' | 'delete';

/** What would become of one object. */
export type ObjectChange = {
  /** As `Kind/name`. */
  readonly object: string;
  readonly action: PlannedAction;
  readonly change: ChangeClass;
  /** Lines of a unified diff, without anything secret. */
  readonly diff: readonly string[];
};

export type DryRun = {
  /** As `Kind/name`. */
  readonly object: string;
  readonly asked: Fields;
  /** The same without overrides: what of it the Action itself writes. */
  readonly own: Fields;
  /** As it is, whole. */
  readonly before: Fields | undefined;
  /** As the API server says it would be; undefined where it was not asked. */
  readonly answer: Fields | undefined;
  /** One of that name that gives way to it, if this may be shown. */
  readonly replaced: { readonly content: Fields | undefined } | undefined;
};

/** Whether writing the answer changes the object, as the API server sees it: in what it says, or in who holds what. */
export function isWritten(before: Fields | undefined, answer: Fields | undefined): boolean {
  if (before === undefined || answer === undefined) return true;
  return !hasSameContent({ before, answer }) || !isDeepStrictEqual(holders(before), holders(answer));
}

function hasSameContent({ before, answer }: Pick<DryRun, 'before' | 'answer'>): boolean {
  return before !== undefined && answer !== undefined && isDeepStrictEqual(contentOf(before), contentOf(answer));
}

/** What of an object that is written a reader has to know. */
export function objectChange(dryRun: DryRun, change: ChangeClass): ObjectChange {
  const { object, before, replaced } = dryRun;
  const diff = objectDiff(shownObjects(pairOf(dryRun), dryRun));
  if (replaced !== undefined) return { object, action: 'recreate', change, diff };
  if (before === undefined) return { object, action: 'create', change, diff };
  return { object, action: hasSameContent(dryRun) ? 'own' : 'update', change, diff };
}

/** What comes to be is shown as it is asked for, without the defaults of the API server. */
function pairOf({ asked, before, answer, replaced }: DryRun): ObjectPair {
  if (replaced?.content !== undefined && answer !== undefined) return { before: replaced.content, after: answer };
  return before === undefined || answer === undefined ? { before, after: asked } : { before, after: answer };
}

/** Who holds which fields, whenever they took them. */
function holders({ metadata }: Fields): readonly unknown[] {
  const entries = isRecord(metadata) && Array.isArray(metadata['managedFields']) ? metadata['managedFields'] : [];
  return entries
    .filter(isRecord)
    .map((entry) => ({ ...entry, time: undefined }))
    .toSorted((left, right) => (textOf(left) < textOf(right) ? -1 : 1));
}

function textOf({ manager, operation, subresource }: Fields): string {
  return JSON.stringify([manager, operation, subresource]);
}
