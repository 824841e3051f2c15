import { clientUserName, credentialsFile, password, routeUserName } from '../grammar/credential.ts';
import { DESCRIBING_COMMANDS, defaulted, optional, type ValueOf } from '../grammar/row.ts';
import { userList } from '../grammar/users.ts';

const group = 'Credentials';
const commands = [...DESCRIBING_COMMANDS, 'rotate'] as const;

export const credentialRows = {
  clientUser: defaulted(clientUserName, {
    name: 'client-user',
    group,
    description: 'User name for applications.',
    default: 'nats_client_user',
    commands,
  }),
  clientPassword: optional(password, {
    name: 'client-password',
    group,
    description:
      'Password for applications. Default: a password that is generated once, stored in the cluster, masked, and reused.',
    commands,
  }),
  routeUser: defaulted(routeUserName, {
    name: 'route-user',
    group,
    description: 'User name for routes between the servers.',
    default: 'nats_route_user',
    commands,
  }),
  routePassword: optional(password, {
    name: 'route-password',
    group,
    description:
      'Password for routes. Default: a password that is generated once, stored in the cluster, masked, and reused.',
    commands,
  }),
  users: optional(userList, {
    name: 'users',
    group,
    description:
      'Additional users as a YAML list, or `{path: deploy/users.yaml}` for a file of the workspace with that list. Each has `user`, `password` (plain or bcrypt; optional with `verify-and-map`) and `permissions` (`publish`, `subscribe`: subjects, or `allow` and `deny`; `allow_responses`). Users that are missing from a later run are removed.',
    commands: DESCRIBING_COMMANDS,
  }),
  systemCredentials: optional(credentialsFile, {
    name: 'system-credentials',
    group,
    description:
      'Content of a `.creds` file of a user in the system account. Required if `config` has an `operator`, and not allowed otherwise ([how](docs/configuration.md#operator-mode)). It is stored in the cluster for `verify` and `rotate`.',
    commands,
  }),
} as const;

export function readCredentials(valueOf: ValueOf) {
  return {
    clientUser: valueOf(credentialRows.clientUser),
    clientPassword: valueOf(credentialRows.clientPassword),
    routeUser: valueOf(credentialRows.routeUser),
    routePassword: valueOf(credentialRows.routePassword),
    systemCredentials: valueOf(credentialRows.systemCredentials),
  } as const;
}

/** Reads the additional users; `rotate` keeps those of the last deployment. */
export function readUsers(valueOf: ValueOf) {
  return { users: valueOf(credentialRows.users) ?? [] } as const;
}
