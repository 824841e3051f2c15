import { clientUserName, credentialsFile, password, routeUserName } from '../grammar/credential.ts';
import { DESCRIBING_COMMANDS, defaulted, optional, type ValueOf } from '../grammar/row.ts';
import { userList } from '../grammar/users.ts';

const group = 'Credentials';
const commands = [...DESCRIBING_COMMANDS, 'rotate'] as const;

export const credentialRows = {
  clientUser: defaulted(clientUserName, {
    name: 'client-user',
    group,
    description: 'User name of the applications.',
    default: 'nats_client_user',
    commands,
  }),
  clientPassword: optional(password, {
    name: 'client-password',
    group,
    description: "The applications' password. Absent: generated once, kept in the cluster, masked, reused.",
    commands,
  }),
  routeUser: defaulted(routeUserName, {
    name: 'route-user',
    group,
    description: 'User name of the routes between the servers.',
    default: 'nats_route_user',
    commands,
  }),
  routePassword: optional(password, {
    name: 'route-password',
    group,
    description: 'Password of the routes. Absent: generated once, kept in the cluster, masked, reused.',
    commands,
  }),
  users: optional(userList, {
    name: 'users',
    group,
    description:
      'Further users as a YAML list, or as `{path: deploy/users.yaml}` for a file of the workspace with that list (one input can have 128 KiB), of `user`, `password` (plain or bcrypt; with `verify-and-map` it may be left out) and `permissions` (`publish`, `subscribe`: subjects, or `allow` and `deny`; `allow_responses`). Those left out in a later run are gone.',
    commands: DESCRIBING_COMMANDS,
  }),
  systemCredentials: optional(credentialsFile, {
    name: 'system-credentials',
    group,
    description:
      'With an `operator` in `config`, and only then: the text of a `.creds` file of a user in the system account, by which servers are reached ([how](docs/configuration.md#operator-mode)). Kept in the cluster for `verify` and `rotate`.',
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
