import { clientUserName, credentialsFile, password, routeUserName } from '../grammar/credential.ts';
import { DESCRIBING_COMMANDS, defineOptionalRow, defineRow, type ValueOf } from '../grammar/row.ts';
import { userList } from '../grammar/users.ts';

const group = 'Credentials';
const commands = [...DESCRIBING_COMMANDS, 'rotate'] as const;

export const credentialRows = {
  clientUser: defineRow(clientUserName, {
    name: 'client-user',
    group,
    description: 'User name of the applications.',
    default: 'nats_client_user',
    commands,
  }),
  clientPassword: defineOptionalRow(password, {
    name: 'client-password',
    group,
    description: 'Password of the applications.',
    unset: 'generated once, stored in the Kubernetes cluster, masked, reused',
    commands,
  }),
  routeUser: defineRow(routeUserName, {
    name: 'route-user',
    group,
    description: 'User name of the routes between the servers.',
    default: 'nats_route_user',
    commands,
  }),
  routePassword: defineOptionalRow(password, {
    name: 'route-password',
    group,
    description: 'Password of the routes between the servers.',
    unset: 'generated once, stored in the Kubernetes cluster, masked, reused',
    commands,
  }),
  users: defineOptionalRow(userList, {
    name: 'users',
    group,
    description:
      'Additional users, as a YAML list, or as `{path: deploy/users.yaml}` for a file of the workspace with that list. Each has `user`, `password` (plain or bcrypt; optional with `verify-and-map`) and `permissions` (`publish`, `subscribe`: subjects, or `allow` and `deny`; `allow_responses`). Users that are missing from a later run are removed. One input can have 128 KiB.',
    unset: 'no additional users',
    commands: DESCRIBING_COMMANDS,
  }),
  systemCredentials: defineOptionalRow(credentialsFile, {
    name: 'system-credentials',
    group,
    description:
      'Text of a `.creds` file of a user in the system account, with which the action connects to the servers. It is stored in the Kubernetes cluster for `verify` and `rotate`.',
    unset: 'a generated user of the system account',
    required: 'if `config` has an `operator`, and refused otherwise',
    guide: 'docs/configuration.md#operator-mode',
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
