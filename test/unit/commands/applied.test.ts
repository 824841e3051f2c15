import { describe, expect, test } from '@jest/globals';
import { createApplier } from '../../../src/commands/applied.ts';
import type { KubernetesApi } from '../../../src/kubernetes/api.ts';
import type { KubernetesObject } from '../../../src/kubernetes/objects/object.ts';
import { decodeObject } from '../../../src/kubernetes/objects/object.ts';
import type { Manifest } from '../../../src/manifests/manifests.ts';
import { manifestWavesFor } from '../../../src/manifests/manifests.ts';
import { clusterSpec } from '../cluster/cluster-spec.ts';
import { materialFor } from '../manifests/material.ts';
import { patchedApi } from './reloads-mesh.ts';

const spec = clusterSpec({ replicas: 1 });
const waves = manifestWavesFor(spec, materialFor(spec));
const keyOf = ({ kind, metadata }: Manifest) => `${kind}/${metadata.name}`;
const { signal } = new AbortController();

/** An API server whose objects get another resourceVersion only when they change. */
function objectStore(refused?: string) {
  const objects = new Map<string, { readonly text: string; readonly version: number }>();
  const asked: string[] = [];
  const api: KubernetesApi = {
    ...patchedApi(() => {}),
    apply: async (manifest): Promise<KubernetesObject> => {
      const key = `${manifest.kind}/${manifest.metadata.name}`;
      asked.push(key);
      if (key === refused) throw new Error('refused');
      const text = JSON.stringify(manifest);
      const known = objects.get(key);
      const version = known?.text === text ? known.version : (known?.version ?? 0) + 1;
      objects.set(key, { text, version });
      return decodeObject({ ...manifest, metadata: { ...manifest.metadata, uid: key, resourceVersion: `${version}` } });
    },
  };
  return { api, asked, objects };
}

describe('objects of a deployment', () => {
  test('are applied wave by wave, and all of them are changes at first', async () => {
    const { api, asked } = objectStore();
    const changed = await createApplier(api, new Map(), signal).apply(waves);
    expect(changed).toEqual(waves.flat().map(keyOf));
    expect(asked).toEqual(changed);
  });

  test('that are as they were found are no changes', async () => {
    const { api } = objectStore();
    await createApplier(api, new Map(), signal).apply(waves);
    const found = await Promise.all(
      waves.flat().map(async (one) => await api.apply(one, { fieldManager: 'x' }, signal)),
    );
    const before = new Map(found.map((object) => [`${object.kind}/${object.metadata.name}`, object]));
    expect(await createApplier(api, before, signal).apply(waves)).toEqual([]);
  });

  test('are sent again only where they differ from what this run applied', async () => {
    const { api, asked } = objectStore();
    const applier = createApplier(api, new Map(), signal);
    await applier.apply(waves);
    asked.length = 0;
    expect(await applier.apply(waves)).toEqual([]);
    expect(asked).toEqual([]);
    const next = { ...materialFor(spec), configurationText: 'other' };
    expect(await applier.apply(manifestWavesFor(spec, next))).toEqual(['Secret/nats-config']);
    expect(asked).toEqual(['Secret/nats-config']);
  });

  test('of later waves are left when one is refused, which is told', async () => {
    const { api, asked } = objectStore('Secret/nats-system');
    await expect(createApplier(api, new Map(), signal).apply(waves)).rejects.toThrow('refused');
    expect(asked).toEqual(waves[0]?.map(keyOf));
  });

  test('that were refused are sent again', async () => {
    const [store, refusing] = [objectStore(), objectStore('Secret/nats-config')];
    let api = refusing.api;
    const applier = createApplier({ ...api, apply: async (...args) => await api.apply(...args) }, new Map(), signal);
    await expect(applier.apply(waves)).rejects.toThrow('refused');
    api = store.api;
    await applier.apply(waves);
    expect(store.asked).toEqual(['Secret/nats-config', 'StatefulSet/nats']);
  });
});
