import { isDeepStrictEqual } from 'node:util';
import { structuredPatch } from 'diff';
import { stringify } from 'yaml';
import type { ChangeClass } from '../change/input-change.ts';
import { isRecord } from '../objects/json.ts';
import { type Fields, hideSecrets, type ObjectPair, selectContent } from './shown-objects.ts';

/**
 * Returns the lines of a unified diff of the two objects as YAML, without the two header lines; empty if they are
 * equal.
 */
function diffObjects({ before, after }: ObjectPair): readonly string[] {
  const { hunks } = structuredPatch('', '', renderYaml(before), renderYaml(after), undefined, undefined, {
    context: 3,
  });
  return hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${renderRange(oldStart, oldLines)} +${renderRange(newStart, newLines)} @@`,
    ...lines,
  ]);
}

/** Formats a range. An empty range names the line before it. */
function renderRange(start: number, lines: number): string {
  return `${lines === 0 ? start - 1 : start},${lines}`;
}

function renderYaml(object: Fields | undefined): string {
  return object === undefined ? '' : stringify(object, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** The action on an object. `own`: only the owners of its fields change, and no value. */
export type PlannedAction = 'create' | 'update' | 'own' | 'recreate' | 'delete';

/** The planned change of one object. */
export type ObjectChange = {
  /** The object as `Kind/name`. */
  readonly object: string;
  readonly action: PlannedAction;
  readonly change: ChangeClass;
  /** The lines of a unified diff, without secrets. */
  readonly diff: readonly string[];
};

export type DryRun = {
  /** The object as `Kind/name`. */
  readonly object: string;
  /** The object that `deploy` would apply. */
  readonly asked: Fields;
  /** The same object without overrides: the part that the Action itself writes. */
  readonly own: Fields;
  /** The whole object as it is now. */
  readonly before: Fields | undefined;
  /** The object as the API server would write it; undefined if the API server was not asked. */
  readonly answer: Fields | undefined;
  /**
   * The existing object of the same name that `deploy` would delete first. `content` is undefined if it must not be
   * shown.
   */
  readonly replaced: { readonly content: Fields | undefined } | undefined;
};

/**
 * Checks whether the write of the answer changes the object for the API server: its content, or the owners of its
 * fields.
 */
export function isWritten(before: Fields | undefined, answer: Fields | undefined): boolean {
  if (before === undefined || answer === undefined) return true;
  return !hasSameContent({ before, answer }) || !isDeepStrictEqual(listFieldOwners(before), listFieldOwners(answer));
}

function hasSameContent({ before, answer }: Pick<DryRun, 'before' | 'answer'>): boolean {
  return (
    before !== undefined && answer !== undefined && isDeepStrictEqual(selectContent(before), selectContent(answer))
  );
}

/** Describes the change of one object for the plan. */
export function describeObjectChange(dryRun: DryRun, change: ChangeClass): ObjectChange {
  const { object, before, replaced } = dryRun;
  const diff = diffObjects(hideSecrets(selectPair(dryRun), dryRun));
  if (replaced !== undefined) return { object, action: 'recreate', change, diff };
  if (before === undefined) return { object, action: 'create', change, diff };
  return { object, action: hasSameContent(dryRun) ? 'own' : 'update', change, diff };
}

/** Selects the objects to compare. A new object is shown as it is requested, without the defaults of the API server. */
function selectPair({ asked, before, answer, replaced }: DryRun): ObjectPair {
  if (replaced?.content !== undefined && answer !== undefined) return { before: replaced.content, after: answer };
  return before === undefined || answer === undefined ? { before, after: asked } : { before, after: answer };
}

/** Returns the owners of the fields, regardless of the time. */
function listFieldOwners({ metadata }: Fields): readonly unknown[] {
  const entries = isRecord(metadata) && Array.isArray(metadata['managedFields']) ? metadata['managedFields'] : [];
  return entries
    .filter(isRecord)
    .map((entry) => ({ ...entry, time: undefined }))
    .toSorted((left, right) => (renderOwner(left) < renderOwner(right) ? -1 : 1));
}

function renderOwner({ manager, operation, subresource }: Fields): string {
  return JSON.stringify([manager, operation, subresource]);
}
