import { block, type ConfBlock } from './value.ts';

export type JetStreamSettings = {
  readonly storeDirectory: string;
  /** The limit of the file storage, in bytes. `0` disables it; without a limit, nats-server takes what the node has. */
  readonly maxFileBytes: number;
  readonly maxMemoryBytes: number;
};

/**
 * Builds the `jetstream` block (nats-server `server/opts.go`, `parseJetStream`). Every account except `$SYS` may use
 * JetStream while `$G` is the only account (`server/jetstream.go`, `enableJetStreamAccounts`).
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
