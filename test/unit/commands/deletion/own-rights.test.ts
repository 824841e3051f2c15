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
  ['a binding to the run, with its Role', [binding('b', 'r', [OWN])], ['RoleBinding/b', 'Role/r']],
  [
    'a binding to a group of the run',
    [binding('b', 'r', [{ kind: 'Group', name: 'platform' }])],
    ['RoleBinding/b', 'Role/r'],
  ],
  ['no binding to everybody', [binding('b', 'r', [{ kind: 'Group', name: 'system:authenticated' }])], []],
  ['no binding to another account', [binding('b', 'r', [{ ...OWN, namespace: 'web' }])], []],
  ['no binding to somebody else too', [binding('b', 'r', [OWN, { kind: 'User', name: 'ann' }])], []],
  ['no Role that somebody else has too', [binding('b', 'r', [OWN]), binding('c', 'r', [])], ['RoleBinding/b']],
  ['a binding alone where it binds a ClusterRole', [binding('b', 'view', [OWN], 'ClusterRole')], ['RoleBinding/b']],
  [
    'a binding of a published Role to another account',
    [binding('b', 'nats-cluster-action-verify', [{ kind: 'User', name: 'ann' }])],
    ['RoleBinding/b', 'Role/nats-cluster-action-verify'],
  ],
])('the rights of a run are %s', (_, bindings, expected) => {
  expect([...findOwnRights(bindings, identity)]).toEqual(expected);
});
