import { describe, expect, test } from '@jest/globals';
import { formatSelector, labelSelector, selectorLabels } from '../../../../src/cluster/names.ts';
import { type Found, isNothing, listLeft, readFound } from '../../../../src/commands/deletion/found.ts';
import { ActionError } from '../../../../src/errors/action-error.ts';
import type { KubernetesApi } from '../../../../src/kubernetes/api.ts';
import { type KubernetesObject, objectKey } from '../../../../src/objects/object.ts';
import { liveObject } from '../../support/live-object.ts';

const TARGET = { namespace: 'messaging', name: 'nats', volumes: false } as const;
const FOREIGN = { labels: {}, managedFields: [] };

/** Makes an API server that holds these objects; reads of `forbidden` kinds are refused. */
function holding(objects: readonly KubernetesObject[], forbidden: readonly string[] = []) {
  const refuse = (kind: string): void => {
    if (forbidden.includes(kind)) {
      throw new ActionError('FORBIDDEN', `no ${kind}`, { hint: '', details: { missing: [] } });
    }
  };
  const api: Pick<KubernetesApi, 'get' | 'list'> = {
    get: async ({ kind, name }) => {
      refuse(kind);
      return objects.find((object) => object.kind === kind && object.metadata.name === name);
    },
    list: async (kind, { labelSelector: wanted }) => {
      refuse(kind);
      const matches = ({ metadata: { labels } }: KubernetesObject): boolean =>
        (wanted ?? '')
          .split(',')
          .every((term) => term === '' || labels[term.split('=')[0] ?? ''] === term.split('=')[1]);
      return { objects: objects.filter((object) => object.kind === kind && matches(object)), resourceVersion: '1' };
    },
  };
  return api;
}

async function find(objects: readonly KubernetesObject[], forbidden?: readonly string[]): Promise<Found> {
  return await readFound(holding(objects, forbidden), TARGET, new AbortController().signal);
}

describe('the objects that delete finds', () => {
  test('include every object that a killed run can leave, each once', async () => {
    const objects = [
      ...['nats-config', 'nats-config-1', 'nats-config-2', 'tls-nats-client-orders', 'nats-system'].map((name) =>
        liveObject('Secret', name),
      ),
      ...['nats', 'nats-headless', 'nats-0', 'nats-4'].map((name) => liveObject('Service', name)),
      liveObject('PodDisruptionBudget', 'nats'),
      liveObject('NetworkPolicy', 'nats'),
      liveObject('PodMonitor', 'nats'),
    ];
    const claim = liveObject('PersistentVolumeClaim', 'jetstream-nats-0');
    const orphan = liveObject('Pod', 'nats-0', { managedFields: [] });
    const found = await find([...objects, claim, orphan, liveObject('Lease', 'nats-deploy')]);
    expect(found.objects.map(objectKey).toSorted()).toEqual(objects.map(objectKey).toSorted());
    expect([found.pods, found.claims]).toEqual([[orphan], [claim]]);
    expect({ ...found, pods: [], objects: [], claims: [] }).toEqual({
      statefulSet: undefined,
      isSetForeign: false,
      pods: [],
      objects: [],
      claims: [],
      preview: undefined,
      isLocked: true,
      foreign: [],
    });
  });

  test('include an object by its name if its labels were removed', async () => {
    const found = await find([liveObject('Secret', 'nats-authorities', { labels: {} })]);
    expect(found.objects.map(objectKey)).toEqual(['Secret/nats-authorities']);
  });

  test('exclude the objects of another NATS cluster in the namespace', async () => {
    const labels = { 'app.kubernetes.io/name': 'nats', 'app.kubernetes.io/instance': 'orders' };
    const found = await find([
      liveObject('Secret', 'orders-config', { labels }),
      liveObject('Service', 'orders', { labels }),
    ]);
    expect(isNothing(found, TARGET)).toBe(true);
    expect(found.foreign).toEqual([]);
  });

  test('exclude objects of other owners with the same names, and their pods', async () => {
    const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'nats', uid: 'x', controller: true };
    const found = await find([
      liveObject('StatefulSet', 'nats', FOREIGN),
      liveObject('Service', 'nats', FOREIGN),
      liveObject('Secret', 'tls-nats-server', FOREIGN),
      liveObject('Secret', 'nats-copy', { managedFields: [] }),
      liveObject('Pod', 'nats-0', { ownerReferences: [owner] }),
    ]);
    expect(isNothing(found, TARGET)).toBe(true);
    expect(listLeft(found, TARGET).map(({ object }) => object)).toEqual([
      'StatefulSet/nats',
      'Secret/nats-copy',
      'Service/nats',
      'Secret/tls-nats-server',
      'Pod/nats-0',
    ]);
  });

  test('exclude optional kinds that must not be read', async () => {
    const optional = ['NetworkPolicy', 'PodMonitor', 'PersistentVolumeClaim'];
    expect(isNothing(await find([], optional), TARGET)).toBe(true);
    await expect(find([], ['Secret'])).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('delete has nothing to do', () => {
  const claims = [liveObject('PersistentVolumeClaim', 'jetstream-nats-0')];
  const none: Found = {
    statefulSet: undefined,
    isSetForeign: false,
    pods: [],
    objects: [],
    claims: [],
    preview: undefined,
    isLocked: false,
    foreign: [],
  };

  test.each([
    ['if nothing exists', {}, false, true],
    ['if only volumes exist and they must stay', { claims }, false, true],
    ['except if volumes may be deleted', { claims }, true, false],
    ['except if a run holds the lock, because that run may be creating objects', { isLocked: true }, false, false],
    ['except if a pod was left over', { pods: [liveObject('Pod', 'nats-0')] }, false, false],
  ])('%s', (_, overrides, volumes, expected) => {
    expect(isNothing({ ...none, ...overrides }, { ...TARGET, volumes })).toBe(expected);
  });

  test('but reports volumes that stay, with the setting that deletes them', () => {
    expect(listLeft({ ...none, claims }, TARGET)).toMatchObject([
      { object: 'PersistentVolumeClaim/jetstream-nats-0', why: expect.stringContaining('allow: delete-volumes') },
    ]);
    expect(listLeft({ ...none, claims }, { ...TARGET, volumes: true })).toEqual([]);
  });
});

test('claims are found by the labels of the StatefulSet, all other objects by their manager', () => {
  expect(labelSelector('nats')).toBe(
    `${formatSelector(selectorLabels('nats'))},app.kubernetes.io/managed-by=nats-cluster-action`,
  );
});
