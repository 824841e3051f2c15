import type { SubjectRules, UserPermissions } from '../../../cluster/user.ts';
import { block, type ConfBlock, type ConfValue, list } from '../reader/value.ts';

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
export function buildJetStream(settings: JetStreamSettings | undefined): ConfBlock | undefined {
  return (
    settings &&
    block({
      store_dir: settings.storeDirectory,
      max_file_store: settings.maxFileBytes,
      max_memory_store: settings.maxMemoryBytes,
    })
  );
}

/**
 * Builds the `permissions` of one user (nats-server `server/opts.go`, `parseUserPermissions`); undefined allows
 * everything.
 */
export function buildPermissions(permissions: UserPermissions | undefined): ConfBlock | undefined {
  if (permissions === undefined) {
    return undefined;
  }
  const { publish, subscribe, allowResponses } = permissions;
  return block({
    publish: buildRules(publish),
    subscribe: buildRules(subscribe),
    allow_responses: allowResponses === undefined ? undefined : buildResponses(allowResponses),
  });
}

function buildRules(rules: SubjectRules | undefined): ConfBlock | undefined {
  if (rules === undefined) {
    return undefined;
  }
  const { allow, deny } = rules;
  return block({ allow: allow && list(allow), deny: deny && list(deny) });
}

function buildResponses({ max, expiresMs }: NonNullable<UserPermissions['allowResponses']>): ConfValue {
  return max === undefined && expiresMs === undefined
    ? true
    : block({ max, expires: expiresMs === undefined ? undefined : `${expiresMs}ms` });
}
