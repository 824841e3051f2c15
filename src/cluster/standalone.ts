import type { ClusterSpec } from './spec.ts';

/**
 * Whether the server is no cluster and has no route port: one with JetStream that is alone. In a cluster of one no meta
 * leader is ever elected, since its group begins with two (nats-server `server/raft.go`, `bootstrapRaftNode`).
 */
export function isStandalone({ replicas, jetstream }: Pick<ClusterSpec, 'replicas' | 'jetstream'>): boolean {
  return replicas === 1 && jetstream !== undefined;
}
