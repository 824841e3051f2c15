import type { ChaosCase } from './case.ts';
import type { Fault } from './fault.ts';

/**
 * The codes with which a failed run may end after each fault. Every other failure is a disagreement, and INTERNAL
 * always is.
 */
const REASONS: { readonly [Kind in Fault['kind']]: readonly string[] } = {
  none: [],
  // A deploy has its whole timeout to wait for the recovery.
  'pod-deleted': [],
  evicted: [],
  'node-killed': ['ROLLOUT_STALLED', 'WAIT_TIMEOUT', 'MESH_INCOMPLETE'],
  cut: ['MESH_INCOMPLETE', 'ROTATION_UNSAFE'],
  'packet-loss': ['MESH_INCOMPLETE', 'ROTATION_UNSAFE'],
  // For up to a minute after this fault, kubelets and kube-proxies do not learn of new pods and Services. The observer
  // must see a broken mesh then.
  'api-paused': ['CLUSTER_UNREACHABLE', 'WAIT_TIMEOUT', 'MESH_INCOMPLETE'],
  'api-killed': ['CLUSTER_UNREACHABLE', 'WAIT_TIMEOUT', 'MESH_INCOMPLETE'],
  'secret-deleted': [
    'APPLY_CONFLICT',
    'CHANGE_FORBIDDEN',
    'PKI_INVALID',
    'DRIFT',
    'ROLLOUT_STALLED',
    'WAIT_TIMEOUT',
    'MESH_INCOMPLETE',
    'MESH_INSECURE',
  ],
  'secret-edited': [
    'APPLY_CONFLICT',
    'CHANGE_FORBIDDEN',
    'PKI_INVALID',
    'DRIFT',
    'ROLLOUT_STALLED',
    'WAIT_TIMEOUT',
    'MESH_INCOMPLETE',
    'MESH_INSECURE',
  ],
  // One more server, added by an edit, may find no node of its own.
  edited: ['APPLY_CONFLICT', 'ROLLOUT_STALLED', 'WAIT_TIMEOUT', 'MESH_INCOMPLETE'],
  cancelled: ['CANCELLED'],
  killed: [],
  stopped: ['LOCKED'],
  'second-run': ['LOCKED'],
};

/** The codes with which `verify` may end during the fault. It waits no longer than a restart of a server takes. */
const SEEN: { readonly [Kind in Fault['kind']]?: readonly string[] } = {
  'pod-deleted': ['DRIFT', 'MESH_INCOMPLETE'],
  evicted: ['DRIFT', 'MESH_INCOMPLETE'],
  'node-killed': ['DRIFT', 'MESH_INCOMPLETE'],
  cut: ['DRIFT', 'MESH_INCOMPLETE'],
  'packet-loss': ['DRIFT', 'MESH_INCOMPLETE'],
  edited: ['DRIFT', 'MESH_INCOMPLETE'],
};

/** The codes that report a problem of the cluster, not of the run. */
const OF_THE_CLUSTER = ['MESH_INCOMPLETE', 'MESH_INSECURE', 'ROLLOUT_STALLED', 'WAIT_TIMEOUT', 'DRIFT'];

export function isReason(code: string, { command, fault }: Pick<ChaosCase, 'command' | 'fault'>): boolean {
  const seen = command === 'verify' ? (SEEN[fault.kind] ?? []) : [];
  return [...REASONS[fault.kind], ...seen].includes(code);
}

export function isOfTheCluster(code: string): boolean {
  return OF_THE_CLUSTER.includes(code);
}
