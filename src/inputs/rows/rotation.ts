import { boolean, choice, list } from '../grammar/choice.ts';
import { defineRow, type Grammar, refuse, type ValueOf } from '../grammar/row.ts';

const group = 'Certificates';
const commands = ['rotate'] as const;

const ROTATE_TARGETS = ['certificates', 'route-ca', 'ca', 'credentials', 'all'] as const;
export type RotateTarget = (typeof ROTATE_TARGETS)[number];

const words = choice(ROTATE_TARGETS);

/**
 * The grammar of one target. It suggests `certificates` for `leaves`: X.509 has leaf certificates, but NATS has leaf
 * nodes.
 */
const target: Grammar<RotateTarget> = {
  ...words,
  parse: (text) => (text === 'leaves' ? refuse({ suggestion: 'certificates' }) : words.parse(text)),
};

export const rotationRows = {
  rotateTargets: defineRow(list(target), {
    name: 'rotate-targets',
    group,
    description:
      'What to replace: `certificates` (every server, route and client certificate), `route-ca` (the CA of the routes), `ca` (the CA that clients trust), `credentials` (the client user; with `allow: outage` also the route password), or `all`. Certificates and CAs are replaced when they are due or forced. Credentials are never due: they are replaced only with `force: true`, or with another `client-password` or `route-password`. Another password is refused if this input leaves out `credentials`.',
    default: 'all',
    commands,
  }),
  force: defineRow(boolean, {
    name: 'force',
    group,
    description: 'Replace the targets of `rotate-targets` now, whether they are due or not.',
    default: 'false',
    commands,
  }),
} as const;

type Rotation = { readonly rotateTargets: readonly RotateTarget[]; readonly force: boolean };

export function readRotation(valueOf: ValueOf): Rotation {
  return { rotateTargets: valueOf(rotationRows.rotateTargets), force: valueOf(rotationRows.force) };
}
