import { choice } from '../choice.ts';
import { list } from '../list.ts';
import { type Command, DEPLOYING, DESCRIBING_COMMANDS, optional, type ValueOf } from '../row.ts';

/** The commands that may need each opt-in. Errors name the opt-in that they need. */
const COMMANDS_OF = {
  adopt: DEPLOYING,
  outage: [...DEPLOYING, 'rotate'],
  conflicts: [...DEPLOYING, 'rotate'],
  'delete-volumes': ['delete', 'prune'],
  'delete-namespace': ['delete', 'prune'],
  'rendered-secrets': ['render'],
} as const satisfies Readonly<Record<string, readonly Command[]>>;

export type Consent = keyof typeof COMMANDS_OF;

export const CONSENTS = [
  'adopt',
  'outage',
  'conflicts',
  'delete-volumes',
  'delete-namespace',
  'rendered-secrets',
] as const satisfies readonly Consent[];

export function commandsOf(consent: Consent): readonly Command[] {
  return COMMANDS_OF[consent];
}

export const consentRows = {
  allow: optional(list(choice(CONSENTS)), {
    name: 'allow',
    group: 'Consent',
    description:
      'Consent to what is refused otherwise, separated by commas or lines: `adopt` (what somebody else deployed under the names of this deployment is taken over; never what is of another deployment), `outage` (clients or servers are cut off for a while), `conflicts` (fields that another manager holds, as after a kubectl edit, are taken from it), `delete-volumes` (with `delete` and `prune`: the volumes, and with them the streams), `delete-namespace` (with the same: the namespace, if `create-namespace` made it and no object of any kind is left in it), `rendered-secrets` (with `render`: the Secrets too, with passwords and private keys).',
    commands: [...DESCRIBING_COMMANDS, 'rotate', 'delete', 'prune'],
  }),
} as const;

export function readConsent(valueOf: ValueOf): { readonly allow: readonly Consent[] } {
  return { allow: valueOf(consentRows.allow) ?? [] };
}
