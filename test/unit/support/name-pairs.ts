import { MAX_SERVERS } from '../../../src/cluster/names.ts';
import { isDeploymentName } from '../../../src/cluster/preview.ts';
import type { ClusterSpec } from '../../../src/cluster/spec.ts';
import { buildLease, buildPreviewLease } from '../../../src/manifests/leases.ts';
import { buildManifests, INITIAL_ROLLOUT } from '../../../src/manifests/manifests.ts';
import { clusterSpec } from './cluster-spec.ts';
import { materialFor } from './material.ts';

/** Two deployments that would both have an object of the same name. */
export type NamePair = { readonly one: string; readonly other: string; readonly kind: string; readonly name: string };

type Named = { readonly kind: string; readonly name: string };

/** Client names whose Secrets end like every other kind of Secret, and one that does not. */
const CLIENTS = ['server', 'client', 'routes', 'x', 'x-server', 'x-client', 'x-routes', 'x-system', 'x-config-1'];
const MORE_CLIENTS = ['system', 'authorities', 'config', 'config-7', 'x-authorities', 'x-config', 'x-client-y'];

/** Builds the largest deployment of this name: every option that adds an object, and the largest number of servers. */
export function largestSpec(name: string): ClusterSpec {
  return clusterSpec({
    name,
    replicas: MAX_SERVERS,
    networkPolicy: true,
    metrics: true,
    podMonitor: true,
    clientCertificates: [...CLIENTS, ...MORE_CLIENTS],
  });
}

/** Reads from the manifests all objects that a deployment can have under its names. */
export function namesInManifests(name: string): readonly Named[] {
  const spec = largestSpec(name);
  const at = new Date(0);
  const hold = { holder: 'h', ttlMs: 1000, acquiredAt: at, renewedAt: at, transitions: 0 };
  const generations = [1, 7].flatMap((generation) =>
    buildManifests(spec, materialFor(spec), { ...INITIAL_ROLLOUT, generation }),
  );
  const all = [
    ...buildManifests(spec, materialFor(spec)),
    ...generations,
    buildLease(name, spec.namespace, hold),
    buildPreviewLease(name, spec.namespace, { expires: at, holder: 'h' }),
  ].map(({ kind, metadata }): Named => ({ kind, name: metadata.name }));
  return [...new Map(all.map((named) => [`${named.kind}/${named.name}`, named])).values()];
}

const PLACEHOLDER = 'zzzz';

/**
 * Finds every deployment that would own one of the objects of `one`. For each object name, it computes the names of
 * other deployments that lead to the same object name.
 */
export function pairsWith(one: string): readonly NamePair[] {
  const patterns = namesInManifests(PLACEHOLDER).map(({ kind, name }) => {
    const [before = '', after = ''] = name.split(PLACEHOLDER);
    return { kind, before, after };
  });
  const pairs = namesInManifests(one).flatMap(({ kind, name }) =>
    patterns
      .filter((pattern) => pattern.kind === kind && name.startsWith(pattern.before) && name.endsWith(pattern.after))
      .map(({ before, after }) => name.slice(before.length, name.length - after.length))
      .filter((other) => isDeploymentName(other) && other !== one)
      .map((other): NamePair => ({ one, other, kind, name })),
  );
  return [...new Map(pairs.map((pair) => [`${pair.other} ${pair.kind}/${pair.name}`, pair])).values()];
}
