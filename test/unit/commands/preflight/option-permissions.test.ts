import { expect, test } from '@jest/globals';
import { requireOptionPermissions, requireRemovable } from '../../../../src/commands/preflight/permissions.ts';
import type { Permission } from '../../../../src/kubernetes/permissions.ts';
import { clusterSpec } from '../../support/cluster-spec.ts';

test.each([
  [{}, []],
  [{ networkPolicy: true }, ['networkpolicies']],
  [{ metrics: true }, []],
  [{ metrics: true, podMonitor: true }, ['podmonitors']],
  [{ networkPolicy: true, podMonitor: true }, ['networkpolicies', 'podmonitors']],
])('the options %j need permission to get %j', async (overrides, expected) => {
  const asked: Permission[] = [];
  const requirePermissions = async (permissions: readonly Permission[]) => {
    asked.push(...permissions);
  };
  await requireOptionPermissions({ requirePermissions }, clusterSpec(overrides), new AbortController().signal);
  expect(asked.map(({ resource }) => resource)).toEqual(expected);
  expect(asked.every(({ verb, namespace }) => verb === 'get' && namespace === 'messaging')).toBe(true);
});

test.each([
  [[], []],
  [['StatefulSet', 'Secret'], []],
  [['NetworkPolicy'], ['networkpolicies']],
  [['PodMonitor'], ['podmonitors']],
  [
    ['NetworkPolicy', 'PodMonitor'],
    ['networkpolicies', 'podmonitors'],
  ],
])('the deletion of objects of the kinds %j needs permission to delete %j', async (kinds, expected) => {
  const asked: Permission[] = [];
  const requirePermissions = async (permissions: readonly Permission[]) => {
    asked.push(...permissions);
  };
  await requireRemovable({ requirePermissions }, 'messaging', new Set(kinds), new AbortController().signal);
  const deleted = asked.filter(({ verb }) => verb === 'delete').map(({ resource }) => resource);
  expect(deleted.toSorted()).toEqual(expected);
  expect(asked.every(({ resource }) => expected.includes(resource))).toBe(true);
});
