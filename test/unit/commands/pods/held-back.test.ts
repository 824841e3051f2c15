import { expect, test } from '@jest/globals';
import { ORPHANED_ANNOTATION } from '../../../../src/cluster/names.ts';
import type { ClientVerify } from '../../../../src/cluster/spec.ts';
import { isHeldBack } from '../../../../src/commands/pods/pod-observation.ts';
import { RESTART_ANNOTATION } from '../../../../src/manifests/pod-template.ts';
import { decodeObject } from '../../../../src/objects/object.ts';
import { decodePod } from '../../../../src/objects/pod.ts';
import { clusterSpec } from '../../support/cluster-spec.ts';
import { expectedServers, patchedApi } from '../../support/reloads-mesh.ts';

/** Checks whether a server is held back while the pods from ordinal 1 on get the new revision. */
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
  ['is held back below the partition if its restart digest differs', 'nats-0', 'old', 'new', true],
  ['is held back below the partition if it has no restart digest but needs one', 'nats-0', undefined, 'new', true],
  [
    'is held back below the partition if it has a restart digest that is no longer wanted',
    'nats-0',
    'old',
    undefined,
    true,
  ],
  ['is not held back below the partition if its restart digest is the same', 'nats-0', 'same', 'same', false],
  [
    'is not held back below the partition if it neither has nor needs a restart digest',
    'nats-0',
    undefined,
    undefined,
    false,
  ],
  ['is not held back above the partition', 'nats-1', 'old', 'new', false],
])('a pod %s', (_, pod, has, wanted, expected) => {
  expect(isHeld(pod, has, wanted)).toBe(expected);
});

test('a pod whose server does not map certificates to users yet is held back', () => {
  expect(isHeld('nats-0', undefined, undefined, 'verify-and-map')).toBe(true);
});

test.each([
  ['is held back below the partition', 'nats-0', true],
  ['is not held back above the partition', 'nats-1', false],
])('an orphaned pod %s', (_, name, expected) => {
  expect(isHeld(name, undefined, undefined, 'none', { [ORPHANED_ANNOTATION]: 'true' })).toBe(expected);
});

test('a missing pod is not held back', () => {
  expect(isHeldBack(expectedServers(patchedApi(() => undefined)).expected, undefined)).toBe(false);
});
