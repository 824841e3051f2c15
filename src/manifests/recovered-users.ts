import { serverEnvironment } from '../cluster/server-files.ts';
import { hasCode } from '../errors.ts';
import { parseConfiguration } from '../nats/conf/parse.ts';
import { type ConfBlock, type ConfValue, isBlock, isList } from '../nats/conf/value.ts';
import type { Credentials } from './material.ts';

export type RecoveredUsers = {
  readonly system: Credentials | undefined;
  readonly route: Credentials | undefined;
};

const NOBODY: RecoveredUsers = { system: undefined, route: undefined };

/**
 * By whom servers of this configuration are reached, and the user of their routes: for when the Secret that keeps them
 * is gone. Servers take no other password before they have reloaded, and only the system user asks them to.
 */
export function recoveredUsers(text: string | undefined): RecoveredUsers {
  const configuration = text === undefined ? undefined : parsed(text);
  if (configuration === undefined) {
    return NOBODY;
  }
  const users = within(configuration, 'accounts', '$SYS')?.entries['users'];
  const [system] = users !== undefined && isList(users) ? users.items : [];
  return { system: credentials(system), route: credentials(within(configuration, 'cluster', 'authorization')) };
}

function parsed(text: string): ConfBlock | undefined {
  const source = { input: 'config', file: 'nats.conf', text };
  try {
    return parseConfiguration(source, { files: new Map(), environment: new Set(Object.values(serverEnvironment)) });
  } catch (error) {
    if (hasCode(error, 'INPUT_INVALID')) return undefined; // Somebody else's text has nothing to recover.
    throw error;
  }
}

function within(configuration: ConfBlock, ...path: readonly string[]): ConfBlock | undefined {
  return path.reduce<ConfBlock | undefined>((block, key) => {
    const inner = block?.entries[key];
    return inner !== undefined && isBlock(inner) ? inner : undefined;
  }, configuration);
}

/** With `verify-and-map` users are written as the subjects of their certificates. */
function credentials(value: ConfValue | undefined): Credentials | undefined {
  if (value === undefined || !isBlock(value)) {
    return undefined;
  }
  const { user, password } = value.entries;
  return typeof user === 'string' && typeof password === 'string' && user !== '' && password !== ''
    ? { user: user.replace(/^CN=/, ''), password }
    : undefined;
}
