import { mkdir } from 'node:fs/promises';
import type { V1PersistentVolume, V1StorageClass } from '@kubernetes/client-node';
import type { ClusterLayout } from './layout.ts';
import { nodeName } from './layout.ts';

const STORAGE_CLASS = 'local';

type LocalVolumes = { readonly storageClass: V1StorageClass; readonly volumes: readonly V1PersistentVolume[] };

/**
 * A StorageClass without a provisioner and one local PersistentVolume for each node and number, as manifests to apply.
 * Their folders are made: the cluster has no provisioner of its own.
 */
export async function localVolumes(
  layout: ClusterLayout,
  nodes: number,
  perNode: number,
  capacity: string,
): Promise<LocalVolumes> {
  const storageClass = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: STORAGE_CLASS },
    provisioner: 'kubernetes.io/no-provisioner',
    volumeBindingMode: 'WaitForFirstConsumer',
  };
  const volumes: V1PersistentVolume[] = [];
  for (let index = 1; index <= nodes; index++) {
    for (let number = 1; number <= perNode; number++) {
      const name = `${nodeName(index)}-volume-${number}`;
      const path = layout.file('volumes', name);
      await mkdir(path, { recursive: true, mode: 0o777 });
      volumes.push(persistentVolume(name, path, nodeName(index), capacity));
    }
  }
  return { storageClass, volumes };
}

function persistentVolume(name: string, path: string, node: string, capacity: string): V1PersistentVolume {
  const expression = { key: 'kubernetes.io/hostname', operator: 'In', values: [node] };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      capacity: { storage: capacity },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: STORAGE_CLASS,
      local: { path },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [expression] }] } },
    },
  };
}
