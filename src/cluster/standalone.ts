import type { ClusterShape, ClusterSpec } from './spec.ts';

/**
 * Decides the shape of a deployment by its number of servers. One server with JetStream runs standalone: a cluster of
 * one never elects a meta leader, because its group begins with two members (nats-server `server/raft.go`,
 * `bootstrapRaftNode`).
 */
export function shapeOf({
  replicas,
  jetstream,
}: {
  readonly replicas: number;
  readonly jetstream: boolean;
}): ClusterShape {
  return replicas === 1 && jetstream ? 'standalone' : 'cluster';
}

/** Checks whether the server runs without clustering and without a route port. */
export function isStandalone({ shape }: Pick<ClusterSpec, 'shape'>): boolean {
  return shape === 'standalone';
}
