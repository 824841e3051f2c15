import type { InputViolation } from '../../../errors/action-error.ts';
import { lowerCase } from '../reader/cursor.ts';
import { createViolation } from '../reader/session.ts';
import { type ConfBlock, type ConfValue, type Position, resolveVariable } from '../reader/value.ts';

/** One entry of a block under the name that nats-server knows. */
export type Field = {
  readonly name: string;
  /** The key as it is written. */
  readonly key: string;
  readonly value: ConfValue;
  readonly position: Position;
};

/**
 * The names with the same meaning, by block: the labels of one `case` in the parsers of `server/opts.go`. A test
 * compares them with the source of each supported release, so that the Action recognizes every spelling of a field that
 * it sets.
 */
const ALIASES = {
  // `processConfigFileLine`
  top: {
    net: 'host',
    monitor_port: 'http_port',
    max_conn: 'max_connections',
    max_subs: 'max_subscriptions',
    max_subscription_tokens: 'max_sub_tokens',
    maps: 'mappings',
    no_sublist_cache: 'disable_sublist_cache',
    leaf: 'leafnodes',
    ws: 'websocket',
    storedir: 'store_dir',
    log_file: 'logfile',
    log_size_limit: 'logfile_size_limit',
    log_max_num: 'logfile_max_num',
    pid_file: 'pidfile',
    system: 'system_account',
    no_system: 'no_system_account',
    no_sys_acc: 'no_system_account',
    operators: 'operator',
    root: 'operator',
    roots: 'operator',
    root_operator: 'operator',
    root_operators: 'operator',
    trusted: 'trusted_keys',
    account_resolver: 'resolver',
    accounts_resolver: 'resolver',
  },
  // `parseCluster`
  cluster: { net: 'host', cluster_advertise: 'advertise' },
  // `parseWebsocket`, `parseLeafNodes`, `parseMQTT`, `parseGateway`
  listener: {
    net: 'host',
    compress: 'compression',
    authentication: 'authorization',
    allowed_origin: 'allowed_origins',
    allow_origins: 'allowed_origins',
    allow_origin: 'allowed_origins',
    origins: 'allowed_origins',
    origin: 'allowed_origins',
    reconnect_delay: 'reconnect',
    reconnect_interval: 'reconnect',
    leafnode_advertise: 'advertise',
    minimum_version: 'min_version',
    isolate: 'isolate_leafnode_interest',
    reject_unknown_cluster: 'reject_unknown',
    ackwait: 'ack_wait',
    max_pending: 'max_ack_pending',
    max_inflight: 'max_ack_pending',
    consumer_auto_cleanup: 'consumer_inactive_threshold',
    api_timeout: 'js_api_timeout',
  },
  // `parseJetStream`
  jetstream: {
    store: 'store_dir',
    storedir: 'store_dir',
    sync: 'sync_interval',
    max_mem_store: 'max_memory_store',
    max_mem: 'max_memory_store',
    max_file: 'max_file_store',
    enable: 'enabled',
    ek: 'key',
    encryption_key: 'key',
    prev_ek: 'prev_key',
    prev_encryption_key: 'prev_key',
  },
  // `parseTLS`
  tls: { certificates: 'certs', first: 'handshake_first', immediate: 'handshake_first' },
  // `parseAuthorization`
  authorization: {
    username: 'user',
    pass: 'password',
    default_permission: 'default_permissions',
    permissions: 'default_permissions',
    auth_hook: 'auth_callout',
  },
  // `parseAuthCallout`
  callout: { users: 'auth_users', acc: 'account', key: 'xkey' },
  // `parseAccounts`
  account: { maps: 'mappings', trace_dest: 'msg_trace' },
  // `parseJetStreamForAccount`
  accountJetstream: {
    max_mem: 'max_memory',
    mem: 'max_memory',
    memory: 'max_memory',
    max_file: 'max_store',
    max_disk: 'max_store',
    store: 'max_store',
    disk: 'max_store',
  },
  // `parseUsers`
  user: {
    username: 'user',
    pass: 'password',
    permission: 'permissions',
    authorization: 'permissions',
    connection_types: 'allowed_connection_types',
    clients: 'allowed_connection_types',
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

export type BlockKind = keyof typeof ALIASES;

/** Returns the fields of a block by the names that nats-server knows. */
export function readFields(kind: BlockKind, { entries, positions }: ConfBlock): readonly Field[] {
  const aliases: ReadonlyMap<string, string> = new Map(Object.entries(ALIASES[kind]));
  return Object.entries(entries).map(([key, value]) => {
    const lower = lowerCase(key);
    return { name: aliases.get(lower) ?? lower, key, value, position: positions?.get(key) ?? NOWHERE };
  });
}

export function findField(name: string, fields: readonly Field[]): Field | undefined {
  return fields.find((field) => field.name === name);
}

/** Reports fields with two spellings in one block. nats-server reads a Go map, so it is random which of them counts. */
export function findAmbiguities(input: string, fields: readonly Field[]): readonly InputViolation[] {
  const known = new Map<string, Field>();
  return fields.flatMap((field) => {
    const first = known.get(field.name);
    if (first === undefined) {
      known.set(field.name, field);
      return [];
    }
    const says = `got \`${field.name}\` a second time, after line ${first.position.line}, expected it once: nats-server would choose one of them at random`;
    return [createViolation(input, field.position, { says, fix: 'remove one of them' })];
  });
}

/** Checks whether both are the same scalar, or the same variable of the environment. */
export function isSame(left: ConfValue | undefined, right: ConfValue | undefined): boolean {
  if (left === undefined || right === undefined) return false;
  const [one, other] = [resolveVariable(left), resolveVariable(right)];
  if (typeof one === 'object' && typeof other === 'object') {
    return one.kind === 'variable' && other.kind === 'variable' && one.name === other.name;
  }
  return one === other;
}

/** Builds a block from these fields, with their positions. */
export function buildBlock(fields: readonly (Pick<Field, 'key' | 'value'> & Partial<Field>)[]): ConfBlock {
  const positions = fields.flatMap(({ key, position }) =>
    position === undefined || position === NOWHERE ? [] : [[key, position] as const],
  );
  const entries = Object.fromEntries(fields.map(({ key, value }) => [key, value]));
  return { kind: 'block', entries, ...(positions.length === 0 ? {} : { positions: new Map(positions) }) };
}

/** The position of fields that no user wrote. */
const NOWHERE: Position = { file: 'nats.conf', line: 1, column: 1 };
