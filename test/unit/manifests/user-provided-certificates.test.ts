import { describe, expect, test } from '@jest/globals';
import { serverFiles } from '../../../src/cluster/server-files.ts';
import type { ClusterSpec } from '../../../src/cluster/spec.ts';
import { buildStatefulSet, INITIAL_ROLLOUT } from '../../../src/manifests/manifests.ts';
import { clusterSpec } from '../support/cluster-spec.ts';

const podOf = (overrides: Partial<ClusterSpec>) =>
  buildStatefulSet(clusterSpec(overrides), INITIAL_ROLLOUT).spec.template.spec;
const volumeOf = (overrides: Partial<ClusterSpec>) => podOf(overrides).volumes[0].projected;

function environmentOf(overrides: Partial<ClusterSpec>): Record<string, string | undefined> {
  return Object.fromEntries(podOf(overrides).containers[0].env.map(({ name, value }) => [name, value]));
}

describe('a user-provided certificate', () => {
  test('is the one route certificate of all servers, mounted where the servers look for it', () => {
    const { ROUTE_CERT, ROUTE_KEY } = environmentOf({ routeTlsSecret: 'theirs' });
    const { sources } = volumeOf({ routeTlsSecret: 'theirs' });
    const source = sources.find(({ secret }) => secret.name === 'theirs')?.secret;
    const paths =
      source !== undefined && 'items' in source ? source.items.map(({ path }) => `"/etc/nats/${path}"`) : [];
    expect(paths.slice(0, 2)).toEqual([ROUTE_CERT, ROUTE_KEY]);
    expect(paths[2]).toBe(JSON.stringify(serverFiles.routeTrust));
  });

  test('is mounted in place of the server certificate', () => {
    const ours = JSON.stringify(volumeOf({}).sources);
    expect(JSON.stringify(volumeOf({ serverTlsSecret: 'theirs' }).sources)).toBe(
      ours.replace('tls-nats-server', 'theirs'),
    );
  });
});
