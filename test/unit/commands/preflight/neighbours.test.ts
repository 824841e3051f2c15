import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FIELD_MANAGER } from '../../../../src/cluster/names.ts';
import { canOwn, findFreeName, findSharedNames, isOwnedKind } from '../../../../src/cluster/owned-names.ts';
import type { ClusterSpec } from '../../../../src/cluster/spec.ts';
import { readLiveState } from '../../../../src/commands/live/live-state.ts';
import { requireNoNeighbour, requireOwnObjects } from '../../../../src/commands/preflight/neighbours.ts';
import { buildManifests, INITIAL_ROLLOUT } from '../../../../src/manifests/manifests.ts';
import { decodeObject, type KubernetesObject } from '../../../../src/objects/object.ts';
import { clusterSpec } from '../../support/cluster-spec.ts';
import { materialFor } from '../../support/material.ts';
import { largestSpec, namesInManifests, pairsWith } from '../../support/name-pairs.ts';
import { patchedApi } from '../../support/reloads-mesh.ts';

const PAIRS = ['nats', 'a-1', 'tls-nats', 'nats-headless'].flatMap(pairsWith);
const { signal } = new AbortController();

/** Returns the objects of a deployment as it applied them, after some rolling changes. */
function deployed(spec: ClusterSpec): readonly KubernetesObject[] {
  const manifests = [0, 1, 7].flatMap((generation) =>
    buildManifests(spec, materialFor(spec), { ...INITIAL_ROLLOUT, generation }),
  );
  return [
    ...new Map(manifests.map((manifest) => [`${manifest.kind}/${manifest.metadata.name}`, manifest])).values(),
  ].map((manifest) =>
    decodeObject({
      ...manifest,
      metadata: {
        ...manifest.metadata,
        uid: `${manifest.kind}/${manifest.metadata.name}`,
        resourceVersion: '1',
        managedFields: [{ manager: FIELD_MANAGER, operation: 'Apply' }],
      },
    }),
  );
}

/** Reads the live state of `spec` in a namespace with these objects. */
async function liveState(spec: ClusterSpec, objects: readonly KubernetesObject[]) {
  const api = {
    ...patchedApi(() => {}),
    get: async ({ kind, name }: { readonly kind: string; readonly name: string }) =>
      objects.find((object) => object.kind === kind && object.metadata.name === name),
    list: async (kind: string, { labelSelector = '' }: { readonly labelSelector?: string }) => ({
      resourceVersion: '1',
      objects: objects.filter(({ kind: own, metadata }) => {
        const wanted = labelSelector === '' ? [] : labelSelector.split(',').map((term) => term.split('='));
        return own === kind && wanted.every(([key = '', value]) => metadata.labels[key] === value);
      }),
    }),
  };
  return await readLiveState(api, spec.namespace, spec.name, signal);
}

const small = (name: string): ClusterSpec => clusterSpec({ name, replicas: 1 });

/** All kinds of conflicts with the deployment `nats`, whose clients may have any name. */
const SHAPES = [
  'nats-<n>: Service/nats-<n>',
  'nats-client-x: Secret/tls-nats-client-x-client',
  'nats-client-x: Secret/tls-nats-client-x-routes',
  'nats-client-x: Secret/tls-nats-client-x-server',
  'nats-client: Secret/tls-nats-client-client',
  'nats-client: Secret/tls-nats-client-routes',
  'nats-client: Secret/tls-nats-client-server',
  'nats-headless: Service/nats-headless',
  'tls-nats-client-x: Secret/tls-nats-client-x-authorities',
  'tls-nats-client-x: Secret/tls-nats-client-x-client',
  'tls-nats-client-x: Secret/tls-nats-client-x-config',
  'tls-nats-client-x: Secret/tls-nats-client-x-config-<n>',
  'tls-nats-client-x: Secret/tls-nats-client-x-system',
  'tls-nats-client: Secret/tls-nats-client-authorities',
  'tls-nats-client: Secret/tls-nats-client-client',
  'tls-nats-client: Secret/tls-nats-client-config',
  'tls-nats-client: Secret/tls-nats-client-config-<n>',
  'tls-nats-client: Secret/tls-nats-client-system',
  'tls-nats: Secret/tls-nats-client',
];

describe('two NATS clusters with overlapping object names', () => {
  test('are found in the manifests and documented in docs/names.md', () => {
    expect(PAIRS.length).toBeGreaterThan(100);
    const shapes = PAIRS.filter(({ one }) => one === 'nats').map(
      ({ other, kind, name }) => `${other.replace(/\d+/, '<n>')}: ${kind}/${name.replace(/\d+/, '<n>')}`,
    );
    expect([...new Set(shapes)].toSorted()).toEqual(SHAPES);
    const documented = readFileSync(new URL('../../../../docs/names.md', import.meta.url), 'utf8');
    const undocumented = SHAPES.filter((shape) =>
      shape.split(': ').some((part) => !documented.includes(`\`${part}\``)),
    );
    expect(undocumented).toEqual([]);
  });

  test.each(PAIRS)('are refused in either order: $other and $one, because of $kind/$name', async (pair) => {
    const { one, other } = pair;
    for (const [there, coming] of [
      [one, other],
      [other, one],
    ] as const) {
      expect(findSharedNames(coming, there)).not.toEqual([]);
      const live = await liveState(small(coming), deployed(small(there)));
      expect(() => requireNoNeighbour(small(coming), live, { neighbours: [] })).toThrow(
        expect.objectContaining({ code: 'CHANGE_FORBIDDEN', reason: 'ForeignObjects' }),
      );
    }
  });

  test.each(PAIRS)(
    'are refused if more servers lead to an overlap: $other and $one, because of $kind/$name',
    async (pair) => {
      const { one, other } = pair;
      const theirs = deployed(largestSpec(other));
      const isTheirs = ({ kind, metadata: { name } }: KubernetesObject) =>
        theirs.some((object) => object.kind === kind && object.metadata.name === name);
      const own = deployed(small(one)).filter((object) => !isTheirs(object));
      const live = await liveState(largestSpec(one), [...own, ...theirs]);
      expect(live.others.map(({ object }) => `${object.kind}/${object.metadata.name}`)).toContain(
        `${pair.kind}/${pair.name}`,
      );
      expect(() => requireOwnObjects(largestSpec(one), live)).toThrow(
        expect.objectContaining({ code: 'CHANGE_FORBIDDEN', reason: 'ForeignObjects' }),
      );
      // A conflict that is only possible must not refuse an existing deployment.
      const alone = await liveState(small(one), own);
      expect(() => requireNoNeighbour(small(one), alone, { neighbours: [other] })).not.toThrow();
    },
  );
});

describe('the object names of a NATS cluster', () => {
  const label = fc.constantFrom(
    'nats',
    'tls',
    'client',
    'server',
    'routes',
    'headless',
    'config',
    'system',
    '1',
    '0',
    'x',
  );
  const name = fc
    .array(label, { minLength: 1, maxLength: 4 })
    .map((words) => words.join('-'))
    .filter((text) => /^[a-z]/.test(text));

  test('differ from those of another one if the quick check finds no overlap', () => {
    fc.assert(
      fc.property(name, name, (one, other) => {
        if (one === other || findSharedNames(one, other).length > 0) return;
        const others = new Set(namesInManifests(other).map((named) => `${named.kind}/${named.name}`));
        expect(namesInManifests(one).filter((named) => others.has(`${named.kind}/${named.name}`))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test('cover every object of the manifests', () => {
    const unknown = namesInManifests('nats').filter(
      ({ kind, name: owned }) => !isOwnedKind(kind) || !canOwn('nats', { kind, name: owned }),
    );
    expect(unknown).toEqual([]);
  });

  test('have an alternative without overlap', () => {
    fc.assert(
      fc.property(name, fc.array(name, { maxLength: 4 }), (one, others) => {
        const free = findFreeName(one, others);
        if (free === undefined) return;
        expect([one, ...others]).not.toContain(free);
        expect(others.flatMap((other) => findSharedNames(free, other))).toEqual([]);
      }),
    );
    expect(findFreeName('nats-1', ['nats'])).toBe('nats-1-cluster');
    expect(findFreeName('nats-client', ['nats'])).toBe('cluster-nats-client');
  });
});
