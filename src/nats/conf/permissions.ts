import type { SubjectRules, UserPermissions } from '../../cluster/user.ts';
import { block, type ConfBlock, type ConfValue, list } from './value.ts';

/**
 * Builds the `permissions` of one user (nats-server `server/opts.go`, `parseUserPermissions`); undefined allows
 * everything.
 */
export function permissionsBlock(permissions: UserPermissions | undefined): ConfBlock | undefined {
  if (permissions === undefined) {
    return undefined;
  }
  const { publish, subscribe, allowResponses } = permissions;
  return block({
    publish: rulesBlock(publish),
    subscribe: rulesBlock(subscribe),
    allow_responses: allowResponses === undefined ? undefined : responses(allowResponses),
  });
}

function rulesBlock(rules: SubjectRules | undefined): ConfBlock | undefined {
  if (rules === undefined) {
    return undefined;
  }
  const { allow, deny } = rules;
  return block({ allow: allow && list(allow), deny: deny && list(deny) });
}

function responses({ max, expiresMs }: NonNullable<UserPermissions['allowResponses']>): ConfValue {
  return max === undefined && expiresMs === undefined
    ? true
    : block({ max, expires: expiresMs === undefined ? undefined : `${expiresMs}ms` });
}
