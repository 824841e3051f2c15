import { expect, test } from '@jest/globals';
import { ORPHANED_ANNOTATION } from '../../../../src/cluster/names.ts';
import type { ClientVerify } from '../../../../src/cluster/spec.ts';
import { isHeldBack } from '../../../../src/commands/pods/pod-observation.ts';
import { RESTART_ANNOTATION } from '../../../../src/manifests/pod-template.ts';
import { decodeObject } from '../../../../src/objects/object.ts';
import { decodePod } from '../../../../src/objects/pod.ts';
import { clusterSpec } from '../../support/cluster-spec.ts';
import { expectedServers, patchedApi } from '../../support/reloads-mesh.ts';

/** Checks whether a server is held, with pods from 1 on due for the new revision. */
function isHeld(
  name: string,
  has: string | undefined,
  wanted: string | undefined,
  clientVerify: ClientVerify = 'none',
  more: Readonly<Record<string, string>> = {},
): boolean {
  const own = { restartDigest: wanted, resolverDirectory: undefined };
  const needs = { listeners: [], poolSize: undefined, pinnedAccounts: [], joinsClusters: false, ...own };
  const spec = clusterSpec({ clientVerify, ...(wanted === undefined ? {} : { configuration: needs }) });
  const podRevision = (ordinal: number) => (ordinal >= 1 ? 'new' : undefined);
  const annotations = has === undefined ? more : { ...more, [RESTART_ANNOTATION]: has };
  const metadata = { name, namespace: 'n', uid: 'u', resourceVersion: '1', labels: {}, annotations };
  const pod = decodePod(decodeObject({ apiVersion: 'v1', kind: 'Pod', metadata, spec: {}, status: {} }));
  return isHeldBack({ ...expectedServers(patchedApi(() => undefined)).expected, spec, podRevision }, pod);
}

test.each<readonly [string, string, string | undefined, string | undefined, boolean]>([
  ['below the partition, with another configuration to start with', 'nats-0', 'old', 'new', true],
  ['below the partition, without any', 'nats-0', undefined, 'new', true],
  ['below the partition, with one that goes', 'nats-0', 'old', undefined, true],
  ['below the partition, with the same', 'nats-0', 'same', 'same', false],
  ['below the partition, where there is none', 'nats-0', undefined, undefined, false],
  ['above it', 'nats-1', 'old', 'new', false],
])('a pod %s: whether it may run what it runs', (_, pod, has, wanted, expected) => {
  expect(isHeld(pod, has, wanted)).toBe(expected);
});

test('a pod whose server does not take users from certificates yet is held back', () => {
  expect(isHeld('nats-0', undefined, undefined, 'verify-and-map')).toBe(true);
});

test.each([
  ['below the partition', 'nats-0', true],
  ['above it', 'nats-1', false],
])('a pod %s whose StatefulSet gave way to another: whether it may run what it runs', (_, name, expected) => {
  expect(isHeld(name, undefined, undefined, 'none', { [ORPHANED_ANNOTATION]: 'true' })).toBe(expected);
});

test('a pod that is not there is not held back', () => {
  expect(isHeldBack(expectedServers(patchedApi(() => undefined)).expected, undefined)).toBe(false);
});
