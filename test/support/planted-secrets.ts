import { canaries } from './failure.ts';

/** A secret text for every input of `deploy` that may hold one and that every deployment can have. */
export const planted = {
  ...canaries,
  users: '[{user: planted, password: canary/users%3c}]',
  files: 'planted.txt: canary/files%4d',
  config: 'accounts { PLANTED { users: [ {user: till, password: "canary/config%5e"} ] } }',
} as const;

/** The secret parts of these inputs. */
export const plantedSecrets: readonly string[] = [
  ...Object.values(canaries),
  'canary/users%3c',
  'canary/files%4d',
  'canary/config%5e',
];

/** Removes the inputs that only `deploy` has. */
export const notPlanted = { users: '', files: '', config: '' } as const;
