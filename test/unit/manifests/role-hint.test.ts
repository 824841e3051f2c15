import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { listDeployPermissions, selectDeletePermissions } from '../../../src/manifests/permissions.ts';
import { renderPermissionsHint, renderRole } from '../../../src/manifests/role.ts';

function documentsOf(hint: string): readonly unknown[] {
  return parseAllDocuments(hint.slice(hint.indexOf('\n'))).map((document) => {
    const value: unknown = document.toJS();
    return value;
  });
}

describe('the suggested Role', () => {
  const lease = { group: 'coordination.k8s.io', resource: 'leases', namespace: 'nats' };
  const hint = renderPermissionsHint([
    { ...lease, verb: 'create' },
    { ...lease, verb: 'update' },
    { group: '', resource: 'nodes', verb: 'list', namespace: undefined },
  ]);

  test('grants only the missing permissions, in the namespace and cluster-wide', () => {
    expect(documentsOf(hint)).toMatchObject([
      {
        kind: 'Role',
        metadata: { namespace: 'nats' },
        rules: [{ apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create', 'update'] }],
      },
      { kind: 'ClusterRole', rules: [{ apiGroups: [''], resources: ['nodes'], verbs: ['list'] }] },
    ]);
    expect(documentsOf(hint)).toHaveLength(2);
  });

  test('gives the reason for each rule', () => {
    expect(hint).toContain('# Locks the deployment');
  });

  test('is only a ClusterRole if nothing is missing in the namespace', () => {
    const cluster = renderPermissionsHint([{ group: '', resource: 'widgets', verb: 'get', namespace: undefined }]);
    expect(documentsOf(cluster)).toMatchObject([{ kind: 'ClusterRole', rules: [{ resources: ['widgets'] }] }]);
  });

  test.each([
    ['', 'nodes', 'Counts the schedulable nodes'],
    ['', 'secrets', 'Reuses the passwords'],
    ['apps', 'statefulsets', 'follows its rollout'],
  ])('gives the reason of exactly that permission: %s/%s', (group, resource, reason) => {
    const text = renderPermissionsHint([{ group, resource, verb: 'list', namespace: 'nats' }]);
    expect(text.match(/# /g)).toHaveLength(1);
    expect(text).toContain(reason);
    expect(text).toContain('verbs: [list]');
  });

  test('has no comment for an unknown permission', () => {
    for (const [group, resource] of [
      ['', 'statefulsets'],
      ['apps', 'secrets'],
    ] as const) {
      expect(renderPermissionsHint([{ group, resource, verb: 'get', namespace: 'nats' }])).not.toContain('#');
    }
  });
});

test.each([
  ['the input that it is for', 'networkpolicies', ['Only with network-policy.'], 'Optional'],
  ['that it is optional', 'events', ['Optional. Without it'], 'Only with'],
  ['both', 'pods/exec', ['Only with config.', 'Optional. Without it'], 'Only with metrics'],
  ['nothing else', 'services', [], 'Only with'],
])('the comment of a rule states %s: %s', (_, resource, present, absent) => {
  const all = { createNamespace: true, networkPolicy: true, config: true, metrics: true, jetstream: true };
  const rules = listDeployPermissions(all).filter((rule) => rule.resource === resource);
  const text = renderRole(rules, { name: 'a', namespace: 'n' });
  expect(present.filter((part) => !text.includes(`# ${part}`))).toEqual([]);
  expect(text).not.toContain(absent);
});

test('a permission to delete is only optional, or only for an input, if it states that', () => {
  const needs = selectDeletePermissions({ volumes: true, namespace: true });
  const inputs = needs.flatMap(({ resource, onlyWith }) => (onlyWith === undefined ? [] : [[resource, onlyWith]]));
  expect(inputs).toEqual([
    ['networkpolicies', 'network-policy'],
    ['podmonitors', 'metrics'],
  ]);
  expect(needs.filter((rule) => 'without' in rule).map(({ resource }) => resource)).toEqual(['*']);
});
