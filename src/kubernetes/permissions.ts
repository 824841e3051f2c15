import { ActionError, type MissingPermission } from '../errors/action-error.ts';
import { renderPermissionsHint } from '../manifests/role.ts';
import { type JsonRecord, recordOf, recordsOf, textsOf } from '../objects/json.ts';
import type { Requester } from './request.ts';
import { buildCollectionPath } from './resources.ts';

/** One permission that the credentials must have. `resource` may name a subresource: `pods/portforward`. */
export type Permission = {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly name?: string;
  /** The namespace. If it is absent, the permission is cluster-wide. */
  readonly namespace?: string;
};

/**
 * Returns the permissions that the credentials lack. One SelfSubjectRulesReview per namespace lists the granted rules.
 * Permissions that it does not list are checked one by one, because a rules review may be incomplete
 * (`status.incomplete`) and contains no cluster-wide permissions.
 */
export async function findMissingPermissions(
  request: Requester,
  permissions: readonly Permission[],
  signal: AbortSignal,
): Promise<readonly MissingPermission[]> {
  const byNamespace = Map.groupBy(permissions, ({ namespace }) => namespace);
  const unconfirmed = await Promise.all(
    [...byNamespace].map(async ([namespace, wanted]) => {
      if (namespace === undefined) return wanted;
      const rules = await readRules(request, namespace, signal);
      return wanted.filter((permission) => !rules.some((rule) => isGranted(rule, permission)));
    }),
  );
  const answers = await Promise.all(
    unconfirmed
      .flat()
      .map(async (permission) => ({ permission, allowed: await isAllowed(request, permission, signal) })),
  );
  return answers.flatMap(({ permission, allowed }) => {
    const { verb, group, resource, namespace } = permission;
    return allowed ? [] : [{ verb, group, resource, namespace }];
  });
}

/**
 * Requires all permissions.
 * @throws ActionError FORBIDDEN with every missing permission and the Role that grants them.
 */
export async function requirePermissions(
  request: Requester,
  permissions: readonly Permission[],
  signal: AbortSignal,
): Promise<void> {
  const missing = await findMissingPermissions(request, permissions, signal);
  if (missing.length === 0) return;
  const names = missing.map(({ verb, group, resource, namespace }) => {
    const scope = namespace === undefined ? 'cluster-wide' : `in namespace ${namespace}`;
    return `${verb} ${group === '' ? resource : `${resource}.${group}`} ${scope}`;
  });
  throw new ActionError('FORBIDDEN', `The credentials lack ${missing.length} permissions: ${names.join(', ')}.`, {
    reason: 'Rbac',
    hint: renderPermissionsHint(missing),
    details: { missing },
  });
}

async function readRules(request: Requester, namespace: string, signal: AbortSignal): Promise<readonly JsonRecord[]> {
  const { body } = await requestReview(request, 'SelfSubjectRulesReview', { namespace }, signal);
  return recordsOf(recordOf(recordOf(body)['status'])['resourceRules']);
}

async function isAllowed(request: Requester, permission: Permission, signal: AbortSignal): Promise<boolean> {
  const { verb, group, name, namespace } = permission;
  const [resource, subresource] = permission.resource.split('/');
  const resourceAttributes = { verb, group, resource, subresource, name, namespace };
  const { body } = await requestReview(request, 'SelfSubjectAccessReview', { resourceAttributes }, signal);
  return recordOf(recordOf(body)['status'])['allowed'] === true;
}

async function requestReview(
  request: Requester,
  kind: 'SelfSubjectRulesReview' | 'SelfSubjectAccessReview',
  spec: JsonRecord,
  signal: AbortSignal,
): ReturnType<Requester> {
  return await request({
    method: 'POST',
    path: buildCollectionPath(kind, undefined),
    body: { apiVersion: 'authorization.k8s.io/v1', kind, spec },
    idempotent: true, // A review stores nothing.
    object: kind,
    signal,
  });
}

/**
 * Checks whether a rule grants a permission, by RBAC's own matching (kubernetes
 * `pkg/apis/rbac/v1/evaluation_helpers.go`).
 */
function isGranted(rule: JsonRecord, { verb, group, resource, name }: Permission): boolean {
  const [, subresource] = resource.split('/');
  const resources = [resource, '*', ...(subresource === undefined ? [] : [`*/${subresource}`])];
  const names = textsOf(rule['resourceNames']);
  return (
    isListed(rule['verbs'], [verb, '*']) &&
    isListed(rule['apiGroups'], [group, '*']) &&
    isListed(rule['resources'], resources) &&
    (names.length === 0 || (name !== undefined && names.includes(name)))
  );
}

function isListed(granted: unknown, sought: readonly string[]): boolean {
  return textsOf(granted).some((item) => sought.includes(item));
}
