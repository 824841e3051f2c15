import { describe, expect, test } from '@jest/globals';
import type { Desired } from '../../../../src/commands/desired/desired.ts';
import { type DryRunOptions, dryRunPhases } from '../../../../src/commands/plan/dry-runs.ts';
import { ActionError } from '../../../../src/errors/action-error.ts';
import type { KubernetesApi } from '../../../../src/kubernetes/api.ts';
import type { ApplyOptions } from '../../../../src/kubernetes/object-writes.ts';
import { buildManifests, INITIAL_ROLLOUT } from '../../../../src/manifests/manifests.ts';
import { decodeObject, type KubernetesObject } from '../../../../src/objects/object.ts';
import { clusterSpec } from '../../support/cluster-spec.ts';
import { materialFor } from '../../support/material.ts';
import { patchedApi } from '../../support/reloads-mesh.ts';

const spec = clusterSpec({ replicas: 1 });
const { credentials, certificates, settings } = materialFor(spec);
const { signal } = new AbortController();

/** Returns a state whose nats.conf is this text. */
function desired(text = 'max_payload: 1MB'): Desired {
  return {
    tracks: { cas: certificates.authorities, credentials },
    issued: { certificates, issued: [], postponed: [], leaves: [] },
    configuration: { text, revision: text },
  };
}

type Asked = { readonly object: string } & ApplyOptions;

/** Answers each apply with the sent object, like a server without defaults. */
function echo(refused: readonly string[] = []): { readonly api: KubernetesApi; readonly asked: Asked[] } {
  const asked: Asked[] = [];
  const api: KubernetesApi = {
    ...patchedApi(() => {}),
    apply: async (manifest, options): Promise<KubernetesObject> => {
      const object = `${manifest.kind}/${manifest.metadata.name}`;
      asked.push({ object, ...options });
      if (refused.includes(object)) {
        throw new ActionError('APPLY_CONFLICT', object, { hint: '', details: { problems: [] } });
      }
      return decodeObject(manifest);
    },
  };
  return { api, asked };
}

function termsFor(api: KubernetesApi, overrides: Partial<DryRunOptions> = {}): DryRunOptions {
  return {
    api,
    spec,
    settings,
    rollout: INITIAL_ROLLOUT,
    before: new Map(),
    replacedObjects: new Map(),
    takesConflicts: () => false,
    isTakingOver: false,
    canDryRun: true,
    signal,
    ...overrides,
  };
}

/** Returns all objects as a deployment of this state applied them. */
function live(state: Desired): ReadonlyMap<string, KubernetesObject> {
  const material = { configurationText: state.configuration.text, credentials, certificates, settings };
  const objects = buildManifests(spec, material).map((manifest) => decodeObject(manifest));
  return new Map(objects.map((object) => [`${object.kind}/${object.metadata.name}`, object]));
}

const names = (runs: Awaited<ReturnType<typeof dryRunPhases>>) => runs.map(({ object }) => object);

describe('the dry runs of a plan', () => {
  test('send every request with dryRun and our field manager', async () => {
    const { api, asked } = echo();
    await dryRunPhases(termsFor(api), [desired()]);
    expect(asked.length).toBeGreaterThan(8);
    expect(
      asked.filter(({ dryRun, fieldManager }) => dryRun !== true || fieldManager !== 'nats-cluster-action'),
    ).toEqual([]);
  });

  test('distinguish the fields that this action writes from those that overrides set', async () => {
    const patch = { metadata: { annotations: { 'example.com/token': 'canary' } } };
    const overrides = [{ kind: 'Service', role: 'client', patch }];
    const runs = await dryRunPhases(termsFor(echo().api, { spec: { ...spec, overrides } }), [desired()]);
    const service = runs.find(({ object }) => object === 'Service/nats');
    expect(JSON.stringify(service?.asked)).toContain('canary');
    expect(service?.own).toMatchObject({ kind: 'Service', metadata: { name: 'nats' } });
    expect(JSON.stringify(service?.own)).not.toContain('canary');
  });

  test('include every object if nothing exists, with the StatefulSet last', async () => {
    const { api } = echo();
    const runs = names(await dryRunPhases(termsFor(api), [desired()]));
    expect(runs.at(-1)).toBe('StatefulSet/nats');
    expect(new Set(runs)).toEqual(new Set(live(desired()).keys()));
  });

  test('leave out objects that would not change', async () => {
    const { api } = echo();
    const before = live(desired('max_payload: 1MB'));
    expect(await dryRunPhases(termsFor(api, { before }), [desired('max_payload: 1MB')])).toEqual([]);
    expect(names(await dryRunPhases(termsFor(api, { before }), [desired('max_payload: 2MB')]))).toEqual([
      'Secret/nats-config',
    ]);
  });

  test('of several phases send only objects that differ, and report an object that any phase writes', async () => {
    const { api, asked } = echo();
    const before = live(desired('first'));
    const runs = await dryRunPhases(termsFor(api, { before }), [desired('second'), desired('first')]);
    expect(names(runs)).toEqual(['Secret/nats-config']);
    expect(asked.filter(({ object }) => object === 'Secret/nats-config')).toHaveLength(2);
    expect(asked.filter(({ object }) => object === 'StatefulSet/nats')).toHaveLength(1);
  });

  test('fail as the deployment would, with the first rejected object of a wave', async () => {
    const { api } = echo(['Service/nats', 'Secret/nats-client']);
    await expect(dryRunPhases(termsFor(api), [desired()])).rejects.toMatchObject({ message: 'Service/nats' });
  });

  test('force conflicts only where the deployment would', async () => {
    const { api, asked } = echo();
    await dryRunPhases(termsFor(api, { takesConflicts: (key) => key === 'Service/nats' }), [desired()]);
    expect(asked.filter(({ force }) => force === true).map(({ object }) => object)).toEqual(['Service/nats']);
  });

  test('create a replacement under a temporary name, and report it under the name of the old object', async () => {
    const { api, asked } = echo();
    const content = live(desired()).get('StatefulSet/nats');
    const replacedObjects = new Map([['StatefulSet/nats', { content }]]);
    const runs = await dryRunPhases(termsFor(api, { replacedObjects }), [desired()]);
    expect(asked.map(({ object }) => object)).toContain('StatefulSet/0-nats-planned');
    expect(runs.at(-1)).toMatchObject({ object: 'StatefulSet/nats', answer: { metadata: { name: 'nats' } } });
  });

  test('send no requests if the namespace does not exist', async () => {
    const { api, asked } = echo();
    const runs = await dryRunPhases(termsFor(api, { canDryRun: false }), [desired()]);
    expect(asked).toEqual([]);
    expect(new Set(names(runs))).toEqual(new Set(live(desired()).keys()));
  });
});
