import { randomBytes } from 'node:crypto';
import { ActionError } from '../errors.ts';
import type { DeployInputs } from '../inputs/inputs.ts';
import type { Credentials, SystemCredentials } from '../manifests/material.ts';
import type { StoredMaterial } from '../manifests/stored-material.ts';

const SYSTEM_USER = 'nats-cluster-action-system';
const PROBE_USER = 'nats-cluster-action-probe';

/** 32 letters and digits of base64url: 192 bits, nothing that any syntax must quote. */
function newPassword(): string {
  return randomBytes(24).toString('base64url');
}

export type DeploymentCredentials = { readonly client: Credentials; readonly system: SystemCredentials };

/**
 * What was given, else what an earlier run stored, else new.
 * @throws ActionError CHANGE_FORBIDDEN when a stored user would get another name or password: servers take one
 * pair for routes and would cut off every client that still has the other.
 */
export function deploymentCredentials(inputs: DeployInputs, stored: StoredMaterial): DeploymentCredentials {
  const { system, probe, route } = stored.systemCredentials;
  return {
    client: chosen('client', stored.clientCredentials, inputs.clientUser, inputs.clientPassword),
    system: {
      system: system ?? { user: SYSTEM_USER, password: newPassword() },
      probe: probe ?? { user: PROBE_USER, password: newPassword() },
      route: chosen('route', route, inputs.routeUser, inputs.routePassword),
    },
  };
}

function chosen(
  who: 'client' | 'route',
  stored: Credentials | undefined,
  user: string,
  password: string | undefined,
): Credentials {
  if (stored === undefined) {
    return { user, password: password ?? newPassword() };
  }
  if (stored.user === user && (password === undefined || password === stored.password)) {
    return stored;
  }
  const what = stored.user === user ? `${who}-password` : `${who}-user`;
  const got = stored.user === user ? 'another password' : `"${user}"`;
  const message = `${what} is ${got} than the running cluster has; changing it in place cuts off everyone who still uses the old one`;
  throw new ActionError('CHANGE_FORBIDDEN', message, {
    reason: 'CredentialsInUse',
    hint:
      stored.user === user
        ? `Leave out ${what} to keep the stored one, or delete the deployment first.`
        : `Set ${what}: ${stored.user}, or delete the deployment first.`,
    details: { problems: [{ object: `Secret/${who}`, reason: 'CredentialsInUse', message }] },
  });
}
