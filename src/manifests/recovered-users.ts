import { serverEnvironment } from '../cluster/server-files.ts';
import { hasCode } from '../errors/action-error.ts';
import { parseConfiguration } from '../nats/conf/reader/parse.ts';
import { type ConfBlock, type ConfValue, isBlock, isList } from '../nats/conf/reader/value.ts';
import type { Credentials } from './material.ts';

export type RecoveredUsers = {
  readonly system: Credentials | undefined;
  readonly route: Credentials | undefined;
};

const NO_USERS: RecoveredUsers = { system: undefined, route: undefined };

/**
 * Reads the system user and the route user from the configuration of the running servers, for the case that the Secret
 * with these users was deleted. Servers accept no other password before a reload, and only the system user can request
 * a reload.
 */
export function recoverUsers(text: string | undefined): RecoveredUsers {
  const configuration = text === undefined ? undefined : parseRunningConfiguration(text);
  if (configuration === undefined) {
    return NO_USERS;
  }
  const users = findBlock(configuration, 'accounts', '$SYS')?.entries['users'];
  const [system] = users !== undefined && isList(users) ? users.items : [];
  return {
    system: decodeCredentials(system),
    route: decodeCredentials(findBlock(configuration, 'cluster', 'authorization')),
  };
}

function parseRunningConfiguration(text: string): ConfBlock | undefined {
  const source = { input: 'config', file: 'nats.conf', text };
  try {
    return parseConfiguration(source, { files: new Map(), environment: new Set(Object.values(serverEnvironment)) });
  } catch (error) {
    if (hasCode(error, 'INPUT_INVALID')) return undefined; // The text is not a configuration of this action.
    throw error;
  }
}

function findBlock(configuration: ConfBlock, ...path: readonly string[]): ConfBlock | undefined {
  return path.reduce<ConfBlock | undefined>((block, key) => {
    const inner = block?.entries[key];
    return inner !== undefined && isBlock(inner) ? inner : undefined;
  }, configuration);
}

/** Reads a user. With `verify-and-map`, the configuration spells users as the subjects of their certificates. */
function decodeCredentials(value: ConfValue | undefined): Credentials | undefined {
  if (value === undefined || !isBlock(value)) {
    return undefined;
  }
  const { user, password } = value.entries;
  return typeof user === 'string' && typeof password === 'string' && user !== '' && password !== ''
    ? { user: user.replace(/^CN=/, ''), password }
    : undefined;
}
