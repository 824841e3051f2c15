import type { JetStream } from './spec.ts';

/** The file system of a volume takes a part of it, and so do the Raft logs, which no limit of nats-server counts. */
const VOLUME_SHARE = 0.9;

/** How many bytes of streams fit into the volume of a server. */
export function storeBytes({ volume }: JetStream): number {
  return Math.floor((volume?.bytes ?? 0) * VOLUME_SHARE);
}
