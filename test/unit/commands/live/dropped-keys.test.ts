import { expect, test } from '@jest/globals';
import { removeDroppedKeys } from '../../../../src/commands/live/applier.ts';
import { decodeObject, type KubernetesObject } from '../../../../src/objects/object.ts';

const { signal } = new AbortController();

/** Makes a Secret with these keys, of which our apply owns `own`. */
function secretWith(keys: readonly string[], own: readonly string[]): KubernetesObject {
  return decodeObject({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 'nats-authorities',
      namespace: 'messaging',
      uid: 'u',
      resourceVersion: '7',
      managedFields: [
        {
          manager: 'nats-cluster-action',
          operation: 'Apply',
          apiVersion: 'v1',
          fieldsType: 'FieldsV1',
          fieldsV1: { 'f:data': Object.fromEntries(own.map((key) => [`f:${key}`, {}])) },
        },
      ],
    },
    data: Object.fromEntries(keys.map((key) => [key, 'eA=='])),
  });
}

async function removed(live: KubernetesObject | undefined, applied: KubernetesObject): Promise<readonly unknown[]> {
  const patches: unknown[] = [];
  const patch = async (ref: object, given: object) => {
    patches.push({ ...ref, ...given });
    return applied;
  };
  await removeDroppedKeys({ patch }, live, applied, signal);
  return patches;
}

test('a Secret key that this run dropped is removed, even if another manager edited it', async () => {
  const live = secretWith(['ca', 'ca-rotation'], ['ca', 'ca-rotation']);
  expect(await removed(live, secretWith(['ca', 'ca-rotation'], ['ca']))).toEqual([
    {
      kind: 'merge',
      name: 'nats-authorities',
      namespace: 'messaging',
      value: { metadata: { resourceVersion: '7' }, data: { 'ca-rotation': null } },
    },
  ]);
});

test('a Secret key of another manager stays, and nothing is written for keys that no longer exist', async () => {
  const live = secretWith(['ca', 'note'], ['ca']);
  expect(await removed(live, secretWith(['ca', 'note'], ['ca']))).toEqual([]);
  expect(await removed(secretWith(['ca', 'old'], ['ca', 'old']), secretWith(['ca'], ['ca']))).toEqual([]);
  expect(await removed(undefined, secretWith(['ca', 'note'], ['ca']))).toEqual([]);
});
