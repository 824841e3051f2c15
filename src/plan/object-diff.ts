import { structuredPatch } from 'diff';
import { stringify } from 'yaml';
import type { Fields, ObjectPair } from './shown-objects.ts';

/**
 * Returns the lines of a unified diff of the two objects as YAML, without its two lines of names; empty if they are
 * equal.
 */
export function objectDiff({ before, after }: ObjectPair): readonly string[] {
  const { hunks } = structuredPatch('', '', yamlOf(before), yamlOf(after), undefined, undefined, { context: 3 });
  return hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`,
    ...lines,
  ]);
}

/** Formats a range. An empty range names the line before it. */
function range(start: number, lines: number): string {
  return `${lines === 0 ? start - 1 : start},${lines}`;
}

function yamlOf(object: Fields | undefined): string {
  return object === undefined ? '' : stringify(object, { lineWidth: 0, aliasDuplicateObjects: false });
}
