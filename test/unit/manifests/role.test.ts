import { describe, expect, test } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import {
  listDeployPermissions,
  listVerifyPermissions,
  selectDeletePermissions,
} from '../../../src/manifests/permissions.ts';
import { buildClusterRole, buildRole, renderRole } from '../../../src/manifests/role.ts';

const ALL = { createNamespace: true, networkPolicy: true, config: true, metrics: true, jetstream: true };
const rules = listDeployPermissions(ALL);

describe('the permissions of deploy', () => {
  test.each([
    ['namespaces', 'if one may be created', { ...ALL, createNamespace: false }],
    ['networkpolicies', 'if one is wanted', { ...ALL, networkPolicy: false }],
    ['pods/exec', 'with a custom configuration', { ...ALL, config: false }],
    ['persistentvolumeclaims', 'with volumes', { ...ALL, jetstream: false }],
    ['podmonitors', 'with metrics', { ...ALL, metrics: false }],
  ])('include %s only %s', (resource, _, inputs) => {
    const asked = listDeployPermissions(inputs);
    expect(asked.map((rule) => rule.resource)).not.toContain(resource);
    const option = rules.find((rule) => rule.resource === resource)?.onlyWith;
    expect(asked).toEqual(rules.filter(({ onlyWith }) => onlyWith !== option));
  });

  test('contain no wildcard', () => {
    for (const { group, resource, verbs } of rules) {
      expect([group, resource, ...verbs]).not.toContain('*');
    }
  });

  test('never include the granting of rights, and require no execution in pods', () => {
    const needed = rules.filter(({ without }) => without === undefined);
    expect(needed.map(({ resource }) => resource)).not.toContain('pods/exec');
    expect(needed.find(({ resource }) => resource === 'pods')?.verbs).not.toContain('create');
    const resources = rules.map(({ resource }) => resource);
    for (const forbidden of ['roles', 'rolebindings', 'serviceaccounts', 'serviceaccounts/token']) {
      expect(resources).not.toContain(forbidden);
    }
  });

  test.each(['services', 'secrets', 'statefulsets', 'poddisruptionbudgets', 'networkpolicies', 'podmonitors'])(
    'include create, get and patch for %s',
    (resource) => {
      const verbs = rules.find((rule) => rule.resource === resource)?.verbs;
      expect(verbs).toEqual(expect.arrayContaining(['get', 'create', 'patch']));
    },
  );

  test('list no right twice, and give a reason for each', () => {
    const rights = rules.flatMap(({ group, resource, verbs }) => verbs.map((verb) => `${verb} ${group}/${resource}`));
    expect(new Set(rights).size).toBe(rights.length);
    expect(rules.filter(({ why }) => why === '')).toEqual([]);
  });
});

describe('the permissions of verify', () => {
  const verbsOf = (of: ReturnType<typeof listVerifyPermissions>) =>
    of.flatMap(({ group, resource, verbs }) => verbs.map((verb) => `${group}/${resource} ${verb}`));

  test('are a part of those of deploy', () => {
    const granted = verbsOf(rules);
    expect(verbsOf(listVerifyPermissions('mesh')).filter((verb) => !granted.includes(verb))).toEqual([]);
  });

  test('change nothing: they read, and use port-forward only to observe the mesh', () => {
    const reading = /^\S+ (get|list|watch)$/;
    expect(verbsOf(listVerifyPermissions('objects')).filter((verb) => !reading.test(verb))).toEqual([]);
    const more = verbsOf(listVerifyPermissions('mesh')).filter((verb) => !reading.test(verb));
    expect(more).toEqual(['/pods/portforward create']);
    const resources = listVerifyPermissions('objects').map(({ resource }) => resource);
    expect(resources).not.toContain('pods/portforward');
  });

  test.each(['objects', 'mesh'] as const)('fit into a Role of the namespace for level %s', (level) => {
    const role = { name: 'verify', namespace: 'messaging' };
    const text = renderRole(listVerifyPermissions(level), role);
    expect(parse(text)).toEqual(buildRole(listVerifyPermissions(level), role));
    expect(text).not.toContain('ClusterRole');
  });
});

describe('the permissions of delete', () => {
  const everything = selectDeletePermissions({ volumes: true, namespace: true });

  test('create nothing, and reach no server', () => {
    expect(everything.filter(({ verbs, resource }) => verbs.includes('create') && resource !== 'leases')).toEqual([]);
    expect(everything.filter(({ resource }) => resource.includes('/'))).toEqual([]);
  });

  test('include volumes and namespaces only if `allow` permits that', () => {
    const deleted = (volumes: boolean, namespace: boolean) =>
      selectDeletePermissions({ volumes, namespace }).flatMap(({ resource, verbs }) =>
        verbs.includes('delete') ? [resource] : [],
      );
    expect(deleted(false, false)).not.toContain('persistentvolumeclaims');
    expect(deleted(false, false)).not.toContain('namespaces');
    expect(deleted(true, false)).toEqual([...deleted(false, false), 'persistentvolumeclaims']);
    expect(deleted(false, true)).toEqual([...deleted(false, false), 'namespaces']);
  });

  test('include every kind that deploy creates', () => {
    const made = rules.filter(({ verbs, scope }) => scope === 'namespace' && verbs.includes('patch'));
    const deleted = everything.filter(({ verbs }) => verbs.includes('delete')).map(({ resource }) => resource);
    expect(deleted).toEqual(expect.arrayContaining(made.map(({ resource }) => resource)));
  });
});

describe('the published Roles', () => {
  const role = buildRole(rules, { namespace: 'messaging' });
  const clusterRole = buildClusterRole(rules);

  test('contain the namespaced permissions in the Role and the others in the ClusterRole', () => {
    expect(role).toMatchObject({ kind: 'Role', metadata: { namespace: 'messaging' } });
    expect(clusterRole.metadata).not.toHaveProperty('namespace');
    expect(clusterRole.rules.flatMap(({ resources }) => resources)).toEqual(['nodes', 'namespaces']);
    expect(role.rules.length + clusterRole.rules.length).toBe(rules.length);
  });

  test('can have another name', () => {
    expect(buildRole(rules, { name: 'verify', namespace: 'messaging' }).metadata).toEqual({
      name: 'verify',
      namespace: 'messaging',
    });
  });

  test('are printed with the reason before each rule', () => {
    const text = renderRole(rules, { name: role.metadata.name, namespace: 'messaging' });
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
