import { describe, expect, test } from '@jest/globals';
import { servesKind } from '../../../src/kubernetes/api.ts';
import {
  apiVersionOf,
  buildCollectionPath,
  buildObjectPath,
  isResourceKind,
  locateDiscovery,
  nameObject,
  type ResourceKind,
} from '../../../src/kubernetes/resources.ts';
import { answerAlways } from '../support/scripted-requester.ts';

const { signal } = new AbortController();

describe('the path of objects', () => {
  test.each<[ResourceKind, string]>([
    ['Namespace', '/api/v1/namespaces'],
    ['Node', '/api/v1/nodes'],
    ['Pod', '/api/v1/namespaces/n/pods'],
    ['Service', '/api/v1/namespaces/n/services'],
    ['Secret', '/api/v1/namespaces/n/secrets'],
    ['ConfigMap', '/api/v1/namespaces/n/configmaps'],
    ['Event', '/api/v1/namespaces/n/events'],
    ['PersistentVolumeClaim', '/api/v1/namespaces/n/persistentvolumeclaims'],
    ['StatefulSet', '/apis/apps/v1/namespaces/n/statefulsets'],
    ['ControllerRevision', '/apis/apps/v1/namespaces/n/controllerrevisions'],
    ['EndpointSlice', '/apis/discovery.k8s.io/v1/namespaces/n/endpointslices'],
    ['PodDisruptionBudget', '/apis/policy/v1/namespaces/n/poddisruptionbudgets'],
    ['NetworkPolicy', '/apis/networking.k8s.io/v1/namespaces/n/networkpolicies'],
    ['PodMonitor', '/apis/monitoring.coreos.com/v1/namespaces/n/podmonitors'],
    ['Lease', '/apis/coordination.k8s.io/v1/namespaces/n/leases'],
    ['SelfSubjectAccessReview', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'],
    ['SelfSubjectRulesReview', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews'],
  ])('has the namespace only if the kind is namespaced: %s', (kind, path) => {
    expect(buildCollectionPath(kind, 'n')).toBe(path);
    expect(buildCollectionPath(kind, undefined)).toBe(path.replace('/namespaces/n', ''));
    expect(buildObjectPath({ kind, name: 'a', namespace: 'n' })).toBe(`${path}/a`);
  });

  test('escapes names', () => {
    expect(buildObjectPath({ kind: 'Pod', name: '../a', namespace: 'b/c' })).toBe(
      '/api/v1/namespaces/b%2Fc/pods/..%2Fa',
    );
  });

  test('does not exist for a namespaced object without its namespace', () => {
    expect(() => buildObjectPath({ kind: 'Pod', name: 'a' })).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
    expect(buildObjectPath({ kind: 'Node', name: 'a' })).toBe('/api/v1/nodes/a');
  });
});

test('an API version has its group, except in the core group', () => {
  expect([apiVersionOf('Pod'), apiVersionOf('StatefulSet')]).toEqual(['v1', 'apps/v1']);
});

test('a kind is known only by its own name', () => {
  expect(['Pod', 'pod', 'toString', ''].map(isResourceKind)).toEqual([true, false, false, false]);
});

test('an object is named with its namespace, if it has one', () => {
  expect(nameObject({ kind: 'Pod', name: 'a', namespace: 'n' })).toBe('Pod n/a');
  expect(nameObject({ kind: 'Node', name: 'a' })).toBe('Node a');
});

describe('the kinds of an API server', () => {
  test.each<[ResourceKind, string, string]>([
    ['Pod', '/api/v1', 'pods'],
    ['PodMonitor', '/apis/monitoring.coreos.com/v1', 'podmonitors'],
  ])('are listed by API version: %s', async (kind, path, plural) => {
    expect(locateDiscovery(kind)).toEqual({ path, plural });
    const { request, asked } = answerAlways(200, { resources: [{ name: 'others' }, { name: plural }] });
    expect(await servesKind(request, kind, signal)).toBe(true);
    expect(asked).toMatchObject([{ method: 'GET', path, accept: [403, 404] }]);
  });

  const resources = [{ name: 'podmonitors' }];
  test.each<[string, number, unknown]>([
    ['the API server does not know the API version', 404, { resources }],
    ['the credentials may not read the list', 403, { resources }],
    [
      'the list has only other kinds',
      200,
      { resources: [{ name: 'servicemonitors' }, { name: 'podmonitors/status' }] },
    ],
    ['the list is empty', 200, { resources: [] }],
    ['the answer is no list', 200, 'podmonitors'],
  ])('do not include a kind if %s', async (_rule, status, body) => {
    expect(await servesKind(answerAlways(status, body).request, 'PodMonitor', signal)).toBe(false);
  });
});
