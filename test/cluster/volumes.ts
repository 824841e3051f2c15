import { mkdir } from 'node:fs/promises';
import type { V1PersistentVolume, V1StorageClass } from '@kubernetes/client-node';
import type { ClusterLayout } from './layout.ts';
import { nodeName } from './layout.ts';

type LocalVolumes = { readonly storageClass: V1StorageClass; readonly volumes: readonly V1PersistentVolume[] };

/**
 * Builds a StorageClass without a provisioner and one local PersistentVolume for each node and number, as manifests to
 * apply. Makes the folders of the volumes, because the cluster has no provisioner. All volumes are named after the
 * class.
 */
export async function provideLocalVolumes(
  layout: ClusterLayout,
  nodes: number,
  perNode: number,
  capacity: string,
  className = 'local',
): Promise<LocalVolumes> {
  const storageClass = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: className },
    provisioner: 'kubernetes.io/no-provisioner',
    volumeBindingMode: 'WaitForFirstConsumer',
  };
  const volumes: V1PersistentVolume[] = [];
  for (let index = 1; index <= nodes; index++) {
    for (let number = 1; number <= perNode; number++) {
      const name = `${className}-${nodeName(index)}-${number}`;
      const path = layout.file('volumes', name);
      await mkdir(path, { recursive: true, mode: 0o777 });
      volumes.push(persistentVolume({ name, className, path, node: nodeName(index), capacity }));
    }
  }
  return { storageClass, volumes };
}

type LocalVolume = {
  readonly name: string;
  readonly className: string;
  readonly path: string;
  readonly node: string;
  readonly capacity: string;
};

function persistentVolume({ name, className, path, node, capacity }: LocalVolume): V1PersistentVolume {
  const expression = { key: 'kubernetes.io/hostname', operator: 'In', values: [node] };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      capacity: { storage: capacity },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: className,
      local: { path },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [expression] }] } },
    },
  };
}
