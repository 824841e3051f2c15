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

describe('permissions', () => {
  test.each([
    ['namespaces', 'where one may be created', { ...ALL, createNamespace: false }],
    ['networkpolicies', 'where one is wanted', { ...ALL, networkPolicy: false }],
    ['pods/exec', 'with a configuration', { ...ALL, config: false }],
    ['persistentvolumeclaims', 'with volumes', { ...ALL, jetstream: false }],
    ['podmonitors', 'where the servers are to be measured', { ...ALL, metrics: false }],
  ])('%s are asked for only %s', (resource, _, inputs) => {
    const asked = listDeployPermissions(inputs);
    expect(asked.map((rule) => rule.resource)).not.toContain(resource);
    const option = rules.find((rule) => rule.resource === resource)?.onlyWith;
    expect(asked).toEqual(rules.filter(({ onlyWith }) => onlyWith !== option));
  });

  test('nothing grants everything', () => {
    for (const { group, resource, verbs } of rules) {
      expect([group, resource, ...verbs]).not.toContain('*');
    }
  });

  test('no rule lets its holder grant rights, and none that is needed lets it run programs in pods', () => {
    const needed = rules.filter(({ without }) => without === undefined);
    expect(needed.map(({ resource }) => resource)).not.toContain('pods/exec');
    expect(needed.find(({ resource }) => resource === 'pods')?.verbs).not.toContain('create');
    const resources = rules.map(({ resource }) => resource);
    for (const forbidden of ['roles', 'rolebindings', 'serviceaccounts', 'serviceaccounts/token']) {
      expect(resources).not.toContain(forbidden);
    }
  });

  test.each(['services', 'secrets', 'statefulsets', 'poddisruptionbudgets', 'networkpolicies', 'podmonitors'])(
    '%s can be applied, and read again when somebody changed them meanwhile',
    (resource) => {
      const verbs = rules.find((rule) => rule.resource === resource)?.verbs;
      expect(verbs).toEqual(expect.arrayContaining(['get', 'create', 'patch']));
    },
  );

  test('no right is listed twice, and each says why it is there', () => {
    const rights = rules.flatMap(({ group, resource, verbs }) => verbs.map((verb) => `${verb} ${group}/${resource}`));
    expect(new Set(rights).size).toBe(rights.length);
    expect(rules.filter(({ why }) => why === '')).toEqual([]);
  });
});

describe('permissions of verify', () => {
  const verbsOf = (of: ReturnType<typeof listVerifyPermissions>) =>
    of.flatMap(({ group, resource, verbs }) => verbs.map((verb) => `${group}/${resource} ${verb}`));

  test('are none that deploy has not', () => {
    const granted = verbsOf(rules);
    expect(verbsOf(listVerifyPermissions('mesh')).filter((verb) => !granted.includes(verb))).toEqual([]);
  });

  test('change nothing: they read, and reach servers only to look at the mesh', () => {
    const reading = /^\S+ (get|list|watch)$/;
    expect(verbsOf(listVerifyPermissions('objects')).filter((verb) => !reading.test(verb))).toEqual([]);
    const more = verbsOf(listVerifyPermissions('mesh')).filter((verb) => !reading.test(verb));
    expect(more).toEqual(['/pods/portforward create']);
    const resources = listVerifyPermissions('objects').map(({ resource }) => resource);
    expect(resources).not.toContain('pods/portforward');
  });

  test.each(['objects', 'mesh'] as const)('of level %s fit into a Role of the namespace', (level) => {
    const role = { name: 'verify', namespace: 'messaging' };
    const text = renderRole(listVerifyPermissions(level), role);
    expect(parse(text)).toEqual(buildRole(listVerifyPermissions(level), role));
    expect(text).not.toContain('ClusterRole');
  });
});

describe('permissions of delete', () => {
  const everything = selectDeletePermissions({ volumes: true, namespace: true });

  test('make nothing, and reach no server', () => {
    expect(everything.filter(({ verbs, resource }) => verbs.includes('create') && resource !== 'leases')).toEqual([]);
    expect(everything.filter(({ resource }) => resource.includes('/'))).toEqual([]);
  });

  test('delete volumes and namespaces only with consent', () => {
    const deleted = (volumes: boolean, namespace: boolean) =>
      selectDeletePermissions({ volumes, namespace }).flatMap(({ resource, verbs }) =>
        verbs.includes('delete') ? [resource] : [],
      );
    expect(deleted(false, false)).not.toContain('persistentvolumeclaims');
    expect(deleted(false, false)).not.toContain('namespaces');
    expect(deleted(true, false)).toEqual([...deleted(false, false), 'persistentvolumeclaims']);
    expect(deleted(false, true)).toEqual([...deleted(false, false), 'namespaces']);
  });

  test('can delete every kind that deploy makes', () => {
    const made = rules.filter(({ verbs, scope }) => scope === 'namespace' && verbs.includes('patch'));
    const deleted = everything.filter(({ verbs }) => verbs.includes('delete')).map(({ resource }) => resource);
    expect(deleted).toEqual(expect.arrayContaining(made.map(({ resource }) => resource)));
  });
});

describe('published roles', () => {
  const role = buildRole(rules, { namespace: 'messaging' });
  const clusterRole = buildClusterRole(rules);

  test('the Role holds what belongs to the namespace, the ClusterRole the rest', () => {
    expect(role).toMatchObject({ kind: 'Role', metadata: { namespace: 'messaging' } });
    expect(clusterRole.metadata).not.toHaveProperty('namespace');
    expect(clusterRole.rules.flatMap(({ resources }) => resources)).toEqual(['nodes', 'namespaces']);
    expect(role.rules.length + clusterRole.rules.length).toBe(rules.length);
  });

  test('a Role may have a name of its own', () => {
    expect(buildRole(rules, { name: 'verify', namespace: 'messaging' }).metadata).toEqual({
      name: 'verify',
      namespace: 'messaging',
    });
  });

  test('the document is the two roles, with the reason before each rule', () => {
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
