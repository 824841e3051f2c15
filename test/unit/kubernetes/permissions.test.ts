import { describe, expect, test } from '@jest/globals';
import { findMissingPermissions, type Permission, requirePermissions } from '../../../src/kubernetes/permissions.ts';
import type { ApiRequest } from '../../../src/kubernetes/request.ts';
import { scriptRequester } from '../support/scripted-requester.ts';

const { signal } = new AbortController();
const PODS: Permission = { verb: 'list', group: '', resource: 'pods', namespace: 'n' };
const rule = (more: object = {}): object => ({ verbs: ['list'], apiGroups: [''], resources: ['pods'], ...more });
const kindOf = ({ path }: ApiRequest): string => path.slice(path.lastIndexOf('/') + 1);

/** Answers a rules review with these rules, and each access review with this value of `allowed`. */
function reviewer(rules: readonly object[], allowed: unknown = false) {
  return scriptRequester((asked) => {
    const status = kindOf(asked) === 'selfsubjectrulesreviews' ? { resourceRules: rules } : { allowed };
    return { status: 201, body: { status } };
  });
}

const missingOf = async (permission: Permission, rules: readonly object[], allowed?: unknown) =>
  await findMissingPermissions(reviewer(rules, allowed).request, [permission], signal);

describe('a permission', () => {
  test.each<[string, Permission, readonly object[]]>([
    ['exactly', PODS, [rule()]],
    ['with other verbs, groups and resources', PODS, [rule({ verbs: ['get', 'list'], apiGroups: ['a', ''] })]],
    ['after another rule', PODS, [rule({ verbs: ['get'] }), rule()]],
    ['with all verbs', PODS, [rule({ verbs: ['*'] })]],
    ['with all API groups', PODS, [rule({ apiGroups: ['*'] })]],
    ['with all resources', PODS, [rule({ resources: ['*'] })]],
    ['for this name', { ...PODS, name: 'a' }, [rule({ resourceNames: ['b', 'a'] })]],
    ['for all names', { ...PODS, name: 'a' }, [rule({ resourceNames: [] })]],
    ['of a subresource', { ...PODS, resource: 'pods/log' }, [rule({ resources: ['pods/log'] })]],
    ['of this subresource of all resources', { ...PODS, resource: 'pods/log' }, [rule({ resources: ['*/log'] })]],
  ])('is granted by a rule %s', async (_rule, permission, rules) => {
    expect(await missingOf(permission, rules)).toEqual([]);
  });

  test.each<[string, Permission, readonly object[]]>([
    ['there are no rules', PODS, []],
    ['each rule grants only a part', PODS, [rule({ verbs: ['get'] }), rule({ resources: ['secrets'] })]],
    ['the rule has another verb', PODS, [rule({ verbs: ['get'] })]],
    ['the rule has another API group', PODS, [rule({ apiGroups: ['apps'] })]],
    ['the rule has another resource', PODS, [rule({ resources: ['pods/log'] })]],
    ['the rule has only the resource of the subresource', { ...PODS, resource: 'pods/log' }, [rule()]],
    ['the rule has another name', { ...PODS, name: 'a' }, [rule({ resourceNames: ['b'] })]],
    ['the rule has names, and all objects are wanted', PODS, [rule({ resourceNames: ['b'] })]],
    ['the rule has fields of another type', PODS, [rule({ verbs: 'list' })]],
  ])('is missing if %s', async (_rule, permission, rules) => {
    const { verb, group, resource, namespace } = permission;
    expect(await missingOf(permission, rules)).toEqual([{ verb, group, resource, namespace }]);
  });

  test.each([
    [true, 0],
    [false, 1],
    ['true', 1],
    [undefined, 1],
  ])('that no rule grants is missing unless the API server allows it: %p', async (allowed, count) => {
    expect(await missingOf(PODS, [], allowed)).toHaveLength(count);
  });

  test('for the whole Kubernetes cluster is asked for alone, with its subresource', async () => {
    const { request, asked } = reviewer([rule({ verbs: ['*'], resources: ['*'] })], true);
    const permission = { verb: 'get', group: '', resource: 'nodes/proxy', name: 'a' };
    expect(await findMissingPermissions(request, [permission], signal)).toEqual([]);
    const resourceAttributes = { verb: 'get', group: '', resource: 'nodes', subresource: 'proxy', name: 'a' };
    expect(asked).toMatchObject([
      { path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', body: { spec: { resourceAttributes } } },
    ]);
  });

  test('costs one review per namespace, which may be sent again, and one more if no rule grants it', async () => {
    const { request, asked } = reviewer([rule()]);
    const wanted = [PODS, { ...PODS, verb: 'get' }, { ...PODS, namespace: 'm' }];
    expect(await findMissingPermissions(request, wanted, signal)).toEqual([{ ...PODS, verb: 'get' }]);
    const rules = 'selfsubjectrulesreviews';
    expect(asked.map(kindOf)).toEqual([rules, rules, 'selfsubjectaccessreviews']);
    expect(asked.map(({ idempotent }) => idempotent)).toEqual([true, true, true]);
  });
});

describe('the required permissions', () => {
  test('pass if none is missing', async () => {
    await expect(requirePermissions(reviewer([rule()]).request, [PODS], signal)).resolves.toBeUndefined();
  });

  test('fail with all that are missing, and where', async () => {
    const sets = { verb: 'create', group: 'apps', resource: 'statefulsets' };
    await expect(requirePermissions(reviewer([]).request, [PODS, sets], signal)).rejects.toMatchObject({
      code: 'FORBIDDEN',
      reason: 'Rbac',
      details: { missing: [PODS, sets] },
      message: expect.stringContaining('list pods in namespace n, create statefulsets.apps cluster-wide'),
    });
  });
});
