import { afterAll } from '@jest/globals';
import { StorageV1Api } from '@kubernetes/client-node';
import type { Fault, Made, Scene } from '../../faults/fault.ts';
import { ONE } from '../../faults/stories.ts';
import { describeTheme } from '../../faults/theme.ts';
import { awaitEvent, awaitUnscheduled } from '../../faults/visible.ts';
import type { TestNamespace } from '../../support/namespace.ts';
import { makeTestStorage, type TestStorage } from '../../support/storage.ts';

const made: TestStorage[] = [];

afterAll(async () => {
  for (const { remove } of made) await remove();
});

/**
 * Starts a run that asks for a volume of the class with the namespace's name. The class is made when the cause is
 * removed.
 */
function lacking({ start, deployment: { space } }: Scene, visible: Promise<number>): Made {
  const undo = async (): Promise<void> => {
    made.push(await makeTestStorage(space));
  };
  return { run: start(inputsFor(space)), visible, undo };
}

function inputsFor({ name }: TestNamespace): Readonly<Record<string, string>> {
  return { jetstream: 'true', 'jetstream-storage': '100Mi', 'jetstream-storage-class': name };
}

const faults: readonly Fault[] = [
  {
    fault: 'missing storage class',
    inputs: ONE,
    make: async (scene) => lacking(scene, awaitEvent(scene.deployment.space, /storageclass\S* "[^"]+" not found/)),
    again: inputsFor,
    code: 'ROLLOUT_STALLED (StorageClassMissing)',
    tells: ['claim jetstream-nats-0', 'the storage class', 'does not exist'],
    hint: ['jetstream-storage-class'],
    state: /nats-0 Unschedulable/,
    withinSeconds: 5,
  },
  {
    fault: 'no volume left in the storage class',
    inputs: ONE,
    make: async (scene) => {
      const { space } = scene.deployment;
      const storage = space.config.makeApiClient(StorageV1Api);
      const { name } = space;
      const provisioner = 'kubernetes.io/no-provisioner';
      const body = { metadata: { name }, provisioner, volumeBindingMode: 'WaitForFirstConsumer' };
      await storage.createStorageClass({ body });
      const { undo, ...rest } = lacking(scene, awaitUnscheduled(space));
      const anew = async (): Promise<void> => {
        await storage.deleteStorageClass({ name });
        await undo?.();
      };
      return { ...rest, undo: anew };
    },
    again: inputsFor,
    code: 'ROLLOUT_STALLED (VolumeElsewhere)',
    tells: ['pod nats-0 cannot be scheduled', 'persistent volumes'],
    hint: ['kubectl get pvc'],
    state: /nats-0 Unschedulable/,
    withinSeconds: 5,
  },
];

describeTheme({ name: 'volumes', faults, sceneOf: (scene) => scene });
