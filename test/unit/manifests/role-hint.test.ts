import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { renderPermissionsHint } from '../../../src/manifests/role.ts';

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
});
