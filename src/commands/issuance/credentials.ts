import { randomBytes } from 'node:crypto';
import { isGenerationOf, OWN_USER_PREFIX } from '../../cluster/user.ts';
import { type ActionError, problemError } from '../../errors/action-error.ts';
import type { DeployInputs } from '../../inputs/inputs.ts';
import type { Credentials, DeploymentCredentials } from '../../manifests/material.ts';
import type { StoredMaterial } from '../../manifests/stored-material.ts';
import { beginRotation, listAccepted, type Track } from '../../rotation/track.ts';

const SYSTEM_USER = `${OWN_USER_PREFIX}system`;
const PROBE_USER = `${OWN_USER_PREFIX}probe`;

type Given = { readonly user: string; readonly password: string | undefined };

type CredentialInputs = Pick<
  DeployInputs,
  'clientUser' | 'clientPassword' | 'routeUser' | 'routePassword' | 'users' | 'files' | 'allow'
> &
  Partial<Pick<DeployInputs, 'systemCredentials'>>;

/** Returns 32 characters of base64url: 192 bits, and no character that a syntax must quote. */
function generatePassword(): string {
  return randomBytes(24).toString('base64url');
}

/**
 * Returns the given credentials, else those that an earlier run stored, else new ones. Another client user is added,
 * and the old one stays valid for a while. Other route credentials are introduced in an order that keeps the routes.
 * @throws ActionError CHANGE_FORBIDDEN when the stored client user would get another password, because servers know one
 * password per user and would reject clients that still use the old one; when two users would have the same name.
 */
export function prepareCredentials(inputs: CredentialInputs, stored: StoredMaterial): DeploymentCredentials {
  return requireDistinctUsers({
    client: prepareClientTrack(inputs, stored.client),
    route: prepareRouteTrack(inputs, stored.route),
    system: stored.system ?? { user: SYSTEM_USER, password: generatePassword() },
    probe: stored.probe ?? { user: PROBE_USER, password: generatePassword() },
    users: inputs.users,
    files: inputs.files,
    ...(inputs.systemCredentials === undefined ? {} : { systemCredentials: inputs.systemCredentials }),
  });
}

/** Begins to replace the client user, the route credentials or both. Returns the credentials with their successors. */
export function beginReplacement(
  inputs: Omit<CredentialInputs, 'users' | 'files' | 'systemCredentials'>,
  { client, route, ...own }: DeploymentCredentials,
  isReplaced: { readonly client: boolean; readonly route: boolean },
): DeploymentCredentials {
  const user = nameNextUser(client.current.user, inputs.clientUser);
  const isNew = inputs.clientPassword !== client.current.password;
  const password = (isNew ? inputs.clientPassword : undefined) ?? generatePassword();
  const isNewRoute = inputs.routePassword !== route.current.password;
  const routePassword = (isNewRoute ? inputs.routePassword : undefined) ?? generatePassword();
  return requireDistinctUsers({
    ...own,
    client: isReplaced.client ? beginRotation(client, { user, password }) : client,
    route: isReplaced.route ? beginRotation(route, { user: route.current.user, password: routePassword }) : route,
  });
}

/**
 * Refuses a client user with the name of another user, because nats-server rejects a configuration that has one name
 * twice.
 */
function requireDistinctUsers(credentials: DeploymentCredentials): DeploymentCredentials {
  const names = new Set(credentials.users.map(({ user }) => user));
  const twice = listAccepted(credentials.client).find(({ user }) => names.has(user));
  if (twice === undefined) {
    return credentials;
  }
  const message = `the client user "${twice.user}" would have the same name as an entry in users`;
  throw problemError('CHANGE_FORBIDDEN', {
    object: 'users',
    reason: 'UserNameTaken',
    message,
    hint: 'Run `command: deploy` with another `client-user`, or rename the entry in `users`.',
  });
}

function prepareClientTrack(
  { clientUser, clientPassword, allow }: CredentialInputs,
  stored: Track<Credentials> | undefined,
): Track<Credentials> {
  const given = { user: clientUser, password: clientPassword };
  if (stored === undefined || listAccepted(stored).some((known) => matchesGiven(known, given))) {
    return stored ?? createIdleTrack(given);
  }
  const isOther = !listAccepted(stored).some(({ user }) => isGenerationOf(user, clientUser));
  if (isOther) {
    return beginRotation(stored, { user: clientUser, password: clientPassword ?? generatePassword() });
  }
  if (stored.phase === 'idle' && allow.includes('outage')) {
    return createIdleTrack({ user: stored.current.user, password: clientPassword });
  }
  throw cutOffError(stored.current.user);
}

/**
 * Returns the track of the route credentials. A server accepts only one user and password for routes, so
 * `rotation/track.ts` has its own order for their replacement.
 */
function prepareRouteTrack(
  { routeUser, routePassword }: CredentialInputs,
  stored: Track<Credentials> | undefined,
): Track<Credentials> {
  const given = { user: routeUser, password: routePassword };
  if (stored === undefined || listAccepted(stored).some((known) => matchesGiven(known, given))) {
    return stored ?? createIdleTrack(given);
  }
  return beginRotation(stored, { user: routeUser, password: routePassword ?? generatePassword() });
}

function createIdleTrack({ user, password }: Given): Track<Credentials> {
  return { phase: 'idle', current: { user, password: password ?? generatePassword() } };
}

function matchesGiven(known: Credentials, { user, password }: Given): boolean {
  return isGenerationOf(known.user, user) && (password === undefined || password === known.password);
}

function nameNextUser(user: string, given: string): string {
  const generation = user === given || !isGenerationOf(user, given) ? 1 : Number(user.slice(given.length + 1));
  return `${given}-${generation + 1}`;
}

function cutOffError(user: string): ActionError<'CHANGE_FORBIDDEN'> {
  const message = `client-password is another password than user "${user}" has; changing it in place cuts off every client that still uses the old one`;
  return problemError('CHANGE_FORBIDDEN', {
    object: 'client-password',
    reason: 'CredentialsInUse',
    message,
    hint: 'Run `command: rotate` with this `client-password`: clients then have the time of `ca-overlap` to change to it. Or add `allow: outage`, or remove `client-password` to keep the stored one.',
  });
}
