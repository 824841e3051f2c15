import type { ChaosCase } from './case.ts';
import type { Fault } from './fault.ts';

/** The codes a red run may end with when this struck; every other red is a disagreement, INTERNAL always. */
const REASONS: { readonly [Kind in Fault['kind']]: readonly string[] } = {
  none: [],
  // A deploy has its whole time to see what heals by itself.
  'pod-deleted': [],
  evicted: [],
  'node-killed': ['ROLLOUT_STALLED', 'WAIT_TIMEOUT', 'MESH_INCOMPLETE'],
  cut: ['MESH_INCOMPLETE', 'ROTATION_UNSAFE'],
  'packet-loss': ['MESH_INCOMPLETE', 'ROTATION_UNSAFE'],
  // Nodes and their proxies hear of no pod and no Service for up to a minute after it: the observer has to see that.
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
  // One server more, by hand, may find no node of its own.
  edited: ['APPLY_CONFLICT', 'ROLLOUT_STALLED', 'WAIT_TIMEOUT', 'MESH_INCOMPLETE'],
  cancelled: ['CANCELLED'],
  killed: [],
  stopped: ['LOCKED'],
  'second-run': ['LOCKED'],
};

/** What `verify` may say of a cluster that is just being broken: it looks, and waits for no more than a restart. */
const SEEN: { readonly [Kind in Fault['kind']]?: readonly string[] } = {
  'pod-deleted': ['DRIFT', 'MESH_INCOMPLETE'],
  evicted: ['DRIFT', 'MESH_INCOMPLETE'],
  'node-killed': ['DRIFT', 'MESH_INCOMPLETE'],
  cut: ['DRIFT', 'MESH_INCOMPLETE'],
  'packet-loss': ['DRIFT', 'MESH_INCOMPLETE'],
  edited: ['DRIFT', 'MESH_INCOMPLETE'],
};

/** Codes that say of the cluster, not of the run, that something is wrong. */
const OF_THE_CLUSTER = ['MESH_INCOMPLETE', 'MESH_INSECURE', 'ROLLOUT_STALLED', 'WAIT_TIMEOUT', 'DRIFT'];

export function isReason(code: string, { command, fault }: Pick<ChaosCase, 'command' | 'fault'>): boolean {
  const seen = command === 'verify' ? (SEEN[fault.kind] ?? []) : [];
  return [...REASONS[fault.kind], ...seen].includes(code);
}

export function isOfTheCluster(code: string): boolean {
  return OF_THE_CLUSTER.includes(code);
}
