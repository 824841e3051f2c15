import { expect, test } from '@jest/globals';
import type { ClusterSpec } from '../../../src/cluster/spec.ts';
import { buildPodTemplate } from '../../../src/manifests/pod-template.ts';
import { clusterSpec } from '../support/cluster-spec.ts';

const jetstream = { memoryBytes: 1 };
const volume = { size: '1Gi', bytes: 2 ** 30 };

function foldersOf(resolverDirectory: string | undefined, overrides: Partial<ClusterSpec> = {}) {
  const needs = {
    listeners: [],
    poolSize: undefined,
    pinnedAccounts: [],
    joinsClusters: false,
    restartDigest: undefined,
    resolverDirectory,
  };
  const { containers, volumes } = buildPodTemplate(clusterSpec({ configuration: needs, ...overrides }), 0).spec;
  const emptied = volumes.flatMap((each) => ('emptyDir' in each ? [each.name] : []));
  const mounted = containers[0]?.volumeMounts.map(({ name, mountPath }) => `${name}: ${mountPath}`);
  return { emptied, mounted: mounted?.filter((mount) => !/^(configuration|pid): /.test(mount)) };
}

test('an account resolver with a folder gets a writable folder', () => {
  expect(foldersOf('/jwt')).toEqual({ emptied: ['pid', 'accounts'], mounted: ['accounts: /jwt'] });
  expect(foldersOf('/data')).toEqual({ emptied: ['pid', 'accounts'], mounted: ['accounts: /data'] });
});

test('an account resolver next to streams gets its own volume, unless its folder is on the volume of the streams', () => {
  const streams = 'jetstream: /data';
  const stored = { jetstream: { ...jetstream, volume } };
  expect(foldersOf('/jwt', stored)).toEqual({ emptied: ['pid', 'accounts'], mounted: [streams, 'accounts: /jwt'] });
  expect(foldersOf('/database', stored).mounted).toEqual([streams, 'accounts: /database']);
  expect(foldersOf('/data/jwt', stored)).toEqual({ emptied: ['pid'], mounted: [streams] });
  expect(foldersOf('/data/jwt', { jetstream })).toEqual({ emptied: ['pid', 'jetstream'], mounted: [streams] });
});

test('an account resolver without a folder gets no volume', () => {
  expect(foldersOf(undefined)).toEqual({ emptied: ['pid'], mounted: [] });
});
