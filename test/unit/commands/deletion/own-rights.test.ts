import { expect, test } from '@jest/globals';
import { findOwnRights } from '../../../../src/commands/deletion/own-rights.ts';

const identity = { user: 'system:serviceaccount:ci:pruner', groups: ['system:authenticated', 'platform'] };
const OWN = { kind: 'ServiceAccount', name: 'pruner', namespace: 'ci' };

const binding = (name: string, role: string, subjects: readonly object[], kind = 'Role') => ({
  metadata: { name },
  roleRef: { kind, name: role },
  subjects,
});

test.each<[string, readonly ReturnType<typeof binding>[], readonly string[]]>([
  ['include a binding to the run and its Role', [binding('b', 'r', [OWN])], ['RoleBinding/b', 'Role/r']],
  [
    'include a binding to a group of the run',
    [binding('b', 'r', [{ kind: 'Group', name: 'platform' }])],
    ['RoleBinding/b', 'Role/r'],
  ],
  [
    'exclude a binding to all authenticated users',
    [binding('b', 'r', [{ kind: 'Group', name: 'system:authenticated' }])],
    [],
  ],
  ['exclude a binding to another account', [binding('b', 'r', [{ ...OWN, namespace: 'web' }])], []],
  ['exclude a binding that has another subject as well', [binding('b', 'r', [OWN, { kind: 'User', name: 'ann' }])], []],
  [
    'exclude a Role that another binding uses as well',
    [binding('b', 'r', [OWN]), binding('c', 'r', [])],
    ['RoleBinding/b'],
  ],
  ['include only the binding of a ClusterRole', [binding('b', 'view', [OWN], 'ClusterRole')], ['RoleBinding/b']],
  [
    'include a published Role that is bound to another account',
    [binding('b', 'nats-cluster-action-verify', [{ kind: 'User', name: 'ann' }])],
    ['RoleBinding/b', 'Role/nats-cluster-action-verify'],
  ],
])('the own rights of a run, which it deletes last, %s', (_, bindings, expected) => {
  expect([...findOwnRights(bindings, identity)]).toEqual(expected);
});
