import { block, type ConfBlock } from './value.ts';

export type JetStreamSettings = {
  readonly storeDirectory: string;
  /** `0`: none, where an absent limit would be whatever the node has. */
  readonly maxFileBytes: number;
  readonly maxMemoryBytes: number;
};

/**
 * nats-server `server/opts.go`, `parseJetStream`. Every account but `$SYS` may use it while there are no accounts but
 * `$G` (`server/jetstream.go`, `enableJetStreamAccounts`).
 */
export function jetstreamBlock(settings: JetStreamSettings | undefined): ConfBlock | undefined {
  return (
    settings &&
    block({
      store_dir: settings.storeDirectory,
      max_file_store: settings.maxFileBytes,
      max_memory_store: settings.maxMemoryBytes,
    })
  );
}
