import type { JetStream } from './spec.ts';

/**
 * The share of the volume that streams may use. The file system uses a part of the volume, and so do the Raft logs,
 * which no limit of nats-server counts.
 */
const VOLUME_SHARE = 0.9;

/** Returns the number of bytes of streams that fit into the volume of a server. */
export function storeBytes({ volume }: JetStream): number {
  return Math.floor((volume?.bytes ?? 0) * VOLUME_SHARE);
}
