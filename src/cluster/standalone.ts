import type { ClusterShape, ClusterSpec } from './spec.ts';

/**
 * Decides the shape of a deployment by how many servers it is to have. One server with JetStream stands alone: in a
 * cluster of one no meta leader is ever elected, since its group begins with two (nats-server `server/raft.go`,
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

/** Whether the server is no cluster and has no route port. */
export function isStandalone({ shape }: Pick<ClusterSpec, 'shape'>): boolean {
  return shape === 'standalone';
}
