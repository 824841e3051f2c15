import { canaries } from './failure.ts';

/** Something secret in every input of `deploy` that takes one and goes with every deployment. */
export const planted = {
  ...canaries,
  users: '[{user: planted, password: canary/users%3c}]',
  files: 'planted.txt: canary/files%4d',
  config: 'accounts { PLANTED { users: [ {user: till, password: "canary/config%5e"} ] } }',
} as const;

/** What of them is secret. */
export const plantedSecrets: readonly string[] = [
  ...Object.values(canaries),
  'canary/users%3c',
  'canary/files%4d',
  'canary/config%5e',
];

/** Leaves out what only `deploy` is given. */
export const notPlanted = { users: '', files: '', config: '' } as const;
