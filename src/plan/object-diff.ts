import { structuredPatch } from 'diff';
import { stringify } from 'yaml';
import type { Fields, ObjectPair } from './shown-objects.ts';

/** Lines of a unified diff of the two objects as YAML, without its two lines of names; none where they are the same. */
export function objectDiff({ before, after }: ObjectPair): readonly string[] {
  const { hunks } = structuredPatch('', '', yamlOf(before), yamlOf(after), undefined, undefined, { context: 3 });
  return hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
    ...lines,
  ]);
}

function yamlOf(object: Fields | undefined): string {
  return object === undefined ? '' : stringify(object, { lineWidth: 0, aliasDuplicateObjects: false });
}
