import { hasCode } from '../../errors/action-error.ts';
import type { Disconnections } from '../../forecast/consequences.ts';
import { findLostUsers } from '../../forecast/consequences.ts';
import type { DeploymentCredentials } from '../../manifests/material.ts';
import type { StoredMaterial } from '../../manifests/stored-material.ts';
import { listAccepted } from '../../rotation/track.ts';
import { parseStoredUsers } from '../desired/kept-tracks.ts';

type Accepted = Pick<DeploymentCredentials, 'client' | 'users' | 'configuration'>;

/** Returns the disconnections when servers replace the stored credentials with these. */
export function findDisconnections(
  stored: StoredMaterial,
  after: Accepted,
  closed: Disconnections['closed'],
): Disconnections {
  const known = stored.client === undefined ? [] : listAccepted(stored.client);
  return {
    lostUsers: findLostUsers(
      [...known, ...readConfiguredUsers(stored)],
      [...listAccepted(after.client), ...after.users],
    ),
    isOwnConfigurationChanged: stored.configuration !== after.configuration?.texts,
    closed,
  };
}

/** Returns the disconnections when servers replace other credentials of the same run with these. */
export function findPhaseDisconnections(before: Accepted, after: Accepted): Disconnections {
  return {
    lostUsers: findLostUsers(
      [...listAccepted(before.client), ...before.users],
      [...listAccepted(after.client), ...after.users],
    ),
    isOwnConfigurationChanged: before.configuration?.texts !== after.configuration?.texts,
    closed: new Map(),
  };
}

function readConfiguredUsers({ users }: StoredMaterial) {
  try {
    return parseStoredUsers(users);
  } catch (error) {
    if (hasCode(error, 'DRIFT')) {
      return []; // The users were edited by hand. This run writes them again.
    }
    throw error;
  }
}
