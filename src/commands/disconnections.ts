import { hasCode } from '../errors.ts';
import type { DeploymentCredentials } from '../manifests/material.ts';
import type { StoredMaterial } from '../manifests/stored-material.ts';
import type { Disconnections } from '../plan/consequences.ts';
import { lostUsers } from '../plan/lost-users.ts';
import { acceptedBy } from '../rotation/track.ts';
import { storedUsers } from './preflight/kept-inputs.ts';

type Accepted = Pick<DeploymentCredentials, 'client' | 'users' | 'configuration'>;

/** Returns whom it disconnects that servers take these credentials after those that are stored. */
export function disconnectionsAfter(
  stored: StoredMaterial,
  after: Accepted,
  closed: Disconnections['closed'],
): Disconnections {
  const known = stored.client === undefined ? [] : acceptedBy(stored.client);
  return {
    lostUsers: lostUsers([...known, ...configuredUsers(stored)], [...acceptedBy(after.client), ...after.users]),
    isOwnConfigurationChanged: stored.configuration !== after.configuration?.texts,
    closed,
  };
}

/** Returns whom it disconnects that servers take these credentials after others of the same run. */
export function disconnectionsBetween(before: Accepted, after: Accepted): Disconnections {
  return {
    lostUsers: lostUsers(
      [...acceptedBy(before.client), ...before.users],
      [...acceptedBy(after.client), ...after.users],
    ),
    isOwnConfigurationChanged: before.configuration?.texts !== after.configuration?.texts,
    closed: new Map(),
  };
}

function configuredUsers({ users }: StoredMaterial) {
  try {
    return storedUsers(users);
  } catch (error) {
    if (hasCode(error, 'DRIFT')) {
      return []; // Edited by hand: this deployment writes them anew, as `deploy` does without a word.
    }
    throw error;
  }
}
