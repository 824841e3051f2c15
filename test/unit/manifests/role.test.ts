import { describe, expect, test } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { deployPermissions } from '../../../src/manifests/permissions.ts';
import { clusterRoleManifest, roleManifest } from '../../../src/manifests/role.ts';
import { roleDocument } from '../../../src/manifests/role-document.ts';

const rules = deployPermissions({ createNamespace: true });

describe('permissions', () => {
  test('namespaces are asked for only where one may be created', () => {
    const resources = deployPermissions({ createNamespace: false }).map(({ resource }) => resource);
    expect(resources).not.toContain('namespaces');
    expect(rules).toHaveLength(resources.length + 1);
  });

  test('nothing grants everything', () => {
    for (const { group, resource, verbs } of rules) {
      expect([group, resource, ...verbs]).not.toContain('*');
    }
  });

  test('no rule lets its holder run programs in pods or grant rights', () => {
    const resources = rules.map(({ resource }) => resource);
    for (const forbidden of ['pods/exec', 'roles', 'rolebindings', 'serviceaccounts', 'serviceaccounts/token']) {
      expect(resources).not.toContain(forbidden);
    }
  });

  test.each(['services', 'secrets', 'statefulsets', 'poddisruptionbudgets'])('%s can be applied', (resource) => {
    const verbs = rules.find((rule) => rule.resource === resource)?.verbs;
    expect(verbs).toEqual(expect.arrayContaining(['create', 'patch']));
  });

  test('no resource is listed twice, and each says why it is there', () => {
    const resources = rules.map(({ group, resource }) => `${group}/${resource}`);
    expect(new Set(resources).size).toBe(resources.length);
    expect(rules.filter(({ why }) => why === '')).toEqual([]);
  });
});

describe('published roles', () => {
  const role = roleManifest(rules, 'messaging');
  const clusterRole = clusterRoleManifest(rules);

  test('the Role holds what belongs to the namespace, the ClusterRole the rest', () => {
    expect(role).toMatchObject({ kind: 'Role', metadata: { namespace: 'messaging' } });
    expect(clusterRole.metadata).not.toHaveProperty('namespace');
    expect(clusterRole.rules.flatMap(({ resources }) => resources)).toEqual(['nodes', 'namespaces']);
    expect(role.rules.length + clusterRole.rules.length).toBe(rules.length);
  });

  test('the document is the two roles, with the reason before each rule', () => {
    const text = roleDocument(rules, 'messaging');
    expect(
      parseAllDocuments(text)
        .map(String)
        .map((document): unknown => parse(document)),
    ).toEqual([role, clusterRole]);
    for (const { why } of rules) {
      expect(text).toContain(`# ${why}`);
    }
  });
});
