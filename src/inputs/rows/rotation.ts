import { boolean, choice, list } from '../grammar/choice.ts';
import { defaulted, type Grammar, refused, type ValueOf } from '../grammar/row.ts';

const group = 'Certificates';
const commands = ['rotate'] as const;

const ROTATE_TARGETS = ['certificates', 'route-ca', 'ca', 'credentials', 'all'] as const;
export type RotateTarget = (typeof ROTATE_TARGETS)[number];

const words = choice(ROTATE_TARGETS);

/** The grammar of one target. It suggests `certificates` for their X.509 name, which means something else in NATS. */
const target: Grammar<RotateTarget> = {
  ...words,
  parse: (text) => (text === 'leaves' ? refused({ suggestion: 'certificates' }) : words.parse(text)),
};

export const rotationRows = {
  rotateTargets: defaulted(list(target), {
    name: 'rotate-targets',
    group,
    description:
      'Targets to replace, separated by commas or line breaks: `certificates` (every server, route and client certificate), `route-ca` (the CA of the routes), `ca` (the CA that clients trust), `credentials` (the client user; with `allow: outage` the route password too), or `all`.',
    default: 'all',
    commands,
  }),
  force: defaulted(boolean, {
    name: 'force',
    group,
    description: 'Replace the targets now, even if they are not due.',
    default: 'false',
    commands,
  }),
} as const;

type Rotation = { readonly rotateTargets: readonly RotateTarget[]; readonly force: boolean };

export function readRotation(valueOf: ValueOf): Rotation {
  return { rotateTargets: valueOf(rotationRows.rotateTargets), force: valueOf(rotationRows.force) };
}
