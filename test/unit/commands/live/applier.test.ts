import { describe, expect, test } from '@jest/globals';
import { FIELD_MANAGER, INSTANCE_LABEL } from '../../../../src/cluster/names.ts';
import { Applier } from '../../../../src/commands/live/applier.ts';
import { writeOnVersion } from '../../../../src/commands/live/requests.ts';
import { ActionError } from '../../../../src/errors/action-error.ts';
import type { KubernetesApi } from '../../../../src/kubernetes/api.ts';
import { buildManifestWaves, type Manifest } from '../../../../src/manifests/manifests.ts';
import { decodeObject, type KubernetesObject } from '../../../../src/objects/object.ts';
import { clusterSpec } from '../../support/cluster-spec.ts';
import { materialFor } from '../../support/material.ts';
import { patchedApi } from '../../support/reloads-mesh.ts';

const spec = clusterSpec({ replicas: 1 });
const waves = buildManifestWaves(spec, materialFor(spec));
const keyOf = ({ kind, metadata }: Manifest) => `${kind}/${metadata.name}`;
const { signal } = new AbortController();

/** Makes an API server whose objects get another resourceVersion only when they change. */
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

function applierOf(api: KubernetesApi, before: ReadonlyMap<string, KubernetesObject> = new Map()): Applier {
  return new Applier({ api, before, takesConflicts: () => false, signal });
}

describe('the objects of a NATS cluster', () => {
  test('are applied in waves, and all count as changed in a first run', async () => {
    const { api, asked } = objectStore();
    const changed = await applierOf(api).apply(waves);
    expect(changed).toEqual(waves.flat().map(keyOf));
    expect(asked).toEqual(changed);
  });

  test('do not count as changed if they are as they were found', async () => {
    const { api } = objectStore();
    await applierOf(api).apply(waves);
    const found = await Promise.all(
      waves.flat().map(async (one) => await api.apply(one, { fieldManager: 'x' }, signal)),
    );
    const before = new Map(found.map((object) => [`${object.kind}/${object.metadata.name}`, object]));
    expect(await applierOf(api, before).apply(waves)).toEqual([]);
  });

  test('are not sent if they are as they were last applied', async () => {
    const { api, asked } = objectStore();
    const named = { name: 'nats-config', namespace: 'messaging', labels: { a: 'b' } } as const;
    const manifest = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: named,
      data: { a: 'eA==' },
    } as const;
    const fields = { 'f:data': { 'f:a': {} }, 'f:metadata': { 'f:labels': { 'f:a': {} } } };
    const entry = { manager: FIELD_MANAGER, operation: 'Apply', apiVersion: 'v1', fieldsV1: fields };
    const metadata = { ...named, resourceVersion: '7', managedFields: [entry] };
    const found = decodeObject({ ...manifest, type: 'Opaque', metadata });
    const owned = { ...manifest, type: 'Opaque' } as const;
    expect(await applierOf(api, new Map([['Secret/nats-config', found]])).apply([[owned]])).toEqual([
      'Secret/nats-config',
    ]);
    expect(asked).toEqual(['Secret/nats-config']); // The type was not applied.
    const all = { ...entry, fieldsV1: { ...fields, 'f:type': {} } };
    const whole = decodeObject({ ...owned, metadata: { ...metadata, managedFields: [all] } });
    const applier = applierOf(api, new Map([['Secret/nats-config', whole]]));
    expect(await applier.apply([[owned]])).toEqual([]);
    expect(asked).toHaveLength(1);
    expect(await applier.apply([[{ ...owned, data: { a: 'eQ==' } }]])).toEqual(['Secret/nats-config']);
    expect(await applier.apply([[owned]])).toEqual(['Secret/nats-config']);
  });

  test('are sent again only if they differ from the version that this run applied', async () => {
    const { api, asked } = objectStore();
    const applier = applierOf(api);
    await applier.apply(waves);
    asked.length = 0;
    expect(await applier.apply(waves)).toEqual([]);
    expect(asked).toEqual([]);
    const next = { ...materialFor(spec), configurationText: 'other' };
    expect(await applier.apply(buildManifestWaves(spec, next))).toEqual(['Secret/nats-config']);
    expect(asked).toEqual(['Secret/nats-config']);
  });

  test('of later waves are not applied after a rejection, and the error is thrown', async () => {
    const { api, asked } = objectStore('Secret/nats-system');
    await expect(applierOf(api).apply(waves)).rejects.toThrow('refused');
    expect(asked).toEqual(waves[0]?.map(keyOf));
  });

  test.each([true, false])('take fields from other managers only if that is allowed: %s', async (takesConflicts) => {
    const { api } = objectStore();
    const forced: unknown[] = [];
    const apply: KubernetesApi['apply'] = async (manifest, options, stop) => {
      forced.push(options.force);
      return await api.apply(manifest, options, stop);
    };
    await new Applier({
      api: { ...api, apply },
      before: new Map(),
      takesConflicts: () => takesConflicts,
      signal,
    }).apply(waves);
    expect(new Set(forced)).toEqual(new Set([takesConflicts]));
  });

  test('are sent again after a rejection', async () => {
    const [store, refusing] = [objectStore(), objectStore('Secret/nats-config')];
    let api = refusing.api;
    const applier = applierOf({ ...api, apply: async (...args) => await api.apply(...args) });
    await expect(applier.apply(waves)).rejects.toThrow('refused');
    api = store.api;
    await applier.apply(waves);
    expect(store.asked).toEqual(['Secret/nats-config', 'StatefulSet/nats']);
  });
});

const older = new ActionError('APPLY_CONFLICT', 'older', { reason: 'Conflict', hint: '', details: { problems: [] } });

describe('an object that changed since this run read it', () => {
  /** Applies all objects; the first write finds that its object now has this instance label. */
  async function applyAfterChange(instance: string): Promise<readonly string[]> {
    const { api } = objectStore();
    const refusals = [older];
    const apply: KubernetesApi['apply'] = async (...args) => {
      const refusal = refusals.pop();
      if (refusal !== undefined) throw refusal;
      return await api.apply(...args);
    };
    const get: KubernetesApi['get'] = async ({ kind, name, namespace }) => {
      const managedFields = [{ manager: FIELD_MANAGER, operation: 'Apply' }];
      const metadata = { name, namespace, resourceVersion: '7', labels: { [INSTANCE_LABEL]: instance }, managedFields };
      return decodeObject({ apiVersion: 'v1', kind, metadata });
    };
    return await applierOf({ ...api, apply, get }).apply(waves);
  }

  test('is written if it still belongs to this deployment', async () => {
    expect(await applyAfterChange(spec.name)).toEqual(waves.flat().map(keyOf));
  });

  test('is refused if another deployment has taken its name', async () => {
    await expect(applyAfterChange('other')).rejects.toMatchObject({
      code: 'CHANGE_FORBIDDEN',
      reason: 'ForeignObjects',
      details: { problems: [{ reason: 'OtherDeployment' }] },
    });
  });
});

describe('a write with a resource version', () => {
  const ref = { kind: 'Secret', name: 'nats-config', namespace: 'messaging' } as const;

  /** Makes an object of this version, whose status advances by one after each of the first writes. */
  function written(version: number, movesOn: number) {
    const versions: (string | undefined)[] = [];
    let moved = 0;
    const api: KubernetesApi = {
      ...patchedApi(() => {}),
      get: async () =>
        decodeObject({
          apiVersion: 'v1',
          kind: ref.kind,
          metadata: { name: ref.name, resourceVersion: `${version + moved}` },
        }),
    };
    const write = async ({ resourceVersion }: { readonly resourceVersion?: string }): Promise<string> => {
      versions.push(resourceVersion);
      if (moved >= movesOn && resourceVersion === `${version + moved}`) return 'written';
      moved = Math.min(moved + 1, movesOn);
      throw older;
    };
    return { versions, run: async (known?: string) => await writeOnVersion({ api, ref, signal }, known, write), api };
  }

  test('uses the known version', async () => {
    const { run, versions } = written(7, 0);
    expect([await run('7'), versions]).toEqual(['written', ['7']]);
  });

  test('is repeated with the newer version if only the status changed', async () => {
    const { run, versions } = written(7, 2);
    expect([await run('7'), versions]).toEqual(['written', ['7', '8', '9']]);
  });

  test('fails if the object keeps changing', async () => {
    const { run, versions } = written(7, 9);
    await expect(run('7')).rejects.toBe(older);
    expect(versions).toHaveLength(5);
  });

  test('is not repeated if another manager owns a field', async () => {
    const held = new ActionError('APPLY_CONFLICT', 'held', {
      reason: 'FieldManagerConflict',
      hint: '',
      details: { problems: [] },
    });
    const write = async (): Promise<never> => Promise.reject(held);
    await expect(writeOnVersion({ api: written(7, 0).api, ref, signal }, '7', write)).rejects.toBe(held);
  });
});
