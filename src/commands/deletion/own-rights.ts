import { MANAGED_BY } from '../../cluster/names.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import { type JsonRecord, recordOf, recordsOf, textOf, textsOf } from '../../objects/json.ts';
import { type KubernetesObject, objectKey } from '../../objects/object.ts';

/** The identity of the credentials at the API server. */
export type Identity = { readonly user: string; readonly groups: readonly string[] };

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const RIGHTS: readonly string[] = ['Role', 'RoleBinding'];

/**
 * Leaves out the Roles and RoleBindings that let this run, or another run of this action, act in the namespace, because
 * they were granted for the deleted deployments. Those of any other identity count as content.
 */
export async function excludeOwnRights(
  api: Pick<KubernetesApi, 'request'>,
  namespace: string,
  objects: readonly KubernetesObject[],
  signal: AbortSignal,
): Promise<readonly KubernetesObject[]> {
  if (!objects.some(({ kind }) => RIGHTS.includes(kind))) {
    return objects;
  }
  const path = `${RBAC}/namespaces/${encodeURIComponent(namespace)}/rolebindings`;
  const [identity, list] = await Promise.all([
    readOwnIdentity(api, signal),
    api.request({ method: 'GET', path, accept: [403, 404], signal }),
  ]);
  const own = findOwnRights(recordsOf(recordOf(list.body)['items']), identity);
  return objects.filter((object) => !own.has(objectKey(object)) && !isPublishedRole(object));
}

/**
 * Returns, as `Kind/name`, the RoleBindings that grant permissions only to this identity or bind a published Role, and
 * the Roles that no other RoleBinding binds.
 */
export function findOwnRights(bindings: readonly JsonRecord[], identity: Identity): ReadonlySet<string> {
  const known = bindings.map((binding) => {
    const { kind, name } = recordOf(binding['roleRef']);
    const role = kind === 'Role' ? `Role/${textOf(name) ?? ''}` : undefined;
    const object = `RoleBinding/${textOf(recordOf(binding['metadata'])['name']) ?? ''}`;
    const subjects = recordsOf(binding['subjects']);
    const isOwn = subjects.length > 0 && subjects.every((subject) => isIdentity(subject, identity));
    return { object, role, isOwn: isOwn || isPublished(textOf(name) ?? '') };
  });
  const others = new Set(known.filter(({ isOwn }) => !isOwn).map(({ role }) => role));
  const own = known.filter(({ isOwn }) => isOwn);
  const roles = own.flatMap(({ role }) => (role === undefined || others.has(role) ? [] : [role]));
  return new Set([...own.map(({ object }) => object), ...roles]);
}

function isIdentity({ kind, name, namespace }: JsonRecord, { user, groups }: Identity): boolean {
  const named = textOf(name) ?? '';
  switch (kind) {
    case 'User':
      return named === user;
    case 'ServiceAccount':
      return user === `system:serviceaccount:${textOf(namespace) ?? ''}:${named}`;
    case 'Group':
      // The groups of Kubernetes itself are shared by all identities.
      return !named.startsWith('system:') && groups.includes(named);
    default:
      return false;
  }
}

/**
 * Checks whether the object is a published Role: docs/permissions.yaml grants the rights of this action by Roles of
 * these names.
 */
function isPublishedRole({ kind, metadata }: KubernetesObject): boolean {
  return kind === 'Role' && isPublished(metadata.name);
}

function isPublished(role: string): boolean {
  return role === MANAGED_BY || role.startsWith(`${MANAGED_BY}-`);
}

/**
 * Returns the identity from a SelfSubjectReview (authentication.k8s.io/v1). Without that API, the identity is empty, so
 * only published Roles are recognized.
 */
async function readOwnIdentity(api: Pick<KubernetesApi, 'request'>, signal: AbortSignal): Promise<Identity> {
  const { body } = await api.request({
    method: 'POST',
    path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
    idempotent: true,
    accept: [403, 404],
    signal,
  });
  const { username, groups } = recordOf(recordOf(recordOf(body)['status'])['userInfo']);
  return { user: textOf(username) ?? '', groups: textsOf(groups) };
}
