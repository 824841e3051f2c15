import { choice, list } from '../grammar/choice.ts';
import { type Command, DEPLOYING, DESCRIBING_COMMANDS, defineOptionalRow, type ValueOf } from '../grammar/row.ts';

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
  allow: defineOptionalRow(list(choice(CONSENTS)), {
    name: 'allow',
    group: 'Consent',
    description:
      'Allows changes that are refused otherwise: `adopt` (take over objects that another tool deployed under the names of this deployment, but never those of another deployment), `outage` (disconnect clients or servers for a while), `conflicts` (take fields that another manager owns, for example after a kubectl edit), `delete-volumes` (with `delete` and `prune`: also delete the volumes and their streams), `delete-namespace` (with `delete` and `prune`: also delete the namespace, if `create-namespace` created it and no object of any kind is left in it), `rendered-secrets` (with `render`: also write the Secrets, with passwords and private keys).',
    unset: 'nothing',
    commands: [...DESCRIBING_COMMANDS, 'rotate', 'delete', 'prune'],
  }),
} as const;

export function readConsent(valueOf: ValueOf): { readonly allow: readonly Consent[] } {
  return { allow: valueOf(consentRows.allow) ?? [] };
}
