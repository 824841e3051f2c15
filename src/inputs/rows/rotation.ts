import { boolean, choice, list } from '../grammar/choice.ts';
import { defaulted, type ValueOf } from '../grammar/row.ts';

const group = 'Certificates';
const commands = ['rotate'] as const;

const ROTATE_TARGETS = ['leaves', 'route-ca', 'ca', 'credentials', 'all'] as const;
export type RotateTarget = (typeof ROTATE_TARGETS)[number];

export const rotationRows = {
  rotateTargets: defaulted(list(choice(ROTATE_TARGETS)), {
    name: 'rotate-targets',
    group,
    description:
      'What to replace, separated by commas or lines: `leaves` (every certificate), `route-ca` (authority of the routes), `ca` (authority that clients trust), `credentials` (the client user; with `allow: outage` the route password too), or `all`.',
    default: 'all',
    commands,
  }),
  force: defaulted(boolean, {
    name: 'force',
    group,
    description: 'Replace the targets now, due or not.',
    default: 'false',
    commands,
  }),
} as const;

type Rotation = { readonly rotateTargets: readonly RotateTarget[]; readonly force: boolean };

export function readRotation(valueOf: ValueOf): Rotation {
  return { rotateTargets: valueOf(rotationRows.rotateTargets), force: valueOf(rotationRows.force) };
}
