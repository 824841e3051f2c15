import { boolean } from '../choice.ts';
import { duration } from '../duration.ts';
import { previewNames } from '../preview-names.ts';
import { DEPLOYING, defaulted, optional, type ValueOf } from '../row.ts';

const group = 'Previews';

export const previewRows = {
  ttl: optional(duration('1s', '365d'), {
    name: 'ttl',
    group,
    description:
      'Makes the deployment a preview: once this time has passed since its last `deploy`, `prune` deletes it. `name` may then be any text, such as a branch name: an invalid name is converted to a valid one, returned as output `name`. Not allowed for a cluster that was deployed without `ttl`.',
    commands: DEPLOYING,
  }),
  keep: optional(previewNames, {
    name: 'keep',
    group,
    description:
      'The previews that stay, by `name` or by the branch it came from, separated by commas or lines, or as a JSON array (`[]`: none): every other preview goes before its time. Absent: only those whose time has passed go.',
    commands: ['prune'],
  }),
  allNamespaces: defaulted(boolean, {
    name: 'all-namespaces',
    group,
    description:
      'Look for previews in every namespace, and delete them where the credentials allow it. `false`: in `namespace` alone.',
    default: 'false',
    commands: ['prune'],
  }),
} as const;

export function readTtl(valueOf: ValueOf) {
  return { ttlMs: valueOf(previewRows.ttl) } as const;
}

export function readPruning(valueOf: ValueOf) {
  return { keep: valueOf(previewRows.keep), allNamespaces: valueOf(previewRows.allNamespaces) } as const;
}
