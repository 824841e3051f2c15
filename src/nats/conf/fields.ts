import type { InputViolation } from '../../errors.ts';
import { violationAt } from './problem.ts';
import { type ConfBlock, type ConfValue, type Position, resolved } from './value.ts';

/** One entry of a block under the name nats-server knows it by. */
export type Field = {
  readonly name: string;
  /** As it is written. */
  readonly key: string;
  readonly value: ConfValue;
  readonly position: Position;
};

/** Names that mean the same, by block (`server/opts.go`, `processConfigFileLine` and the parsers it calls). */
const ALIASES = {
  top: {
    net: 'host',
    monitor_port: 'http_port',
    max_conn: 'max_connections',
    leaf: 'leafnodes',
    ws: 'websocket',
    storedir: 'store_dir',
    log_file: 'logfile',
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
  cluster: { net: 'host', cluster_advertise: 'advertise' },
  listener: { net: 'host' },
  tls: {},
  authorization: {
    username: 'user',
    pass: 'password',
    default_permission: 'default_permissions',
    permissions: 'default_permissions',
    auth_hook: 'auth_callout',
  },
  callout: { users: 'auth_users' },
  account: {},
  user: { username: 'user', pass: 'password' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

export type BlockKind = keyof typeof ALIASES;

/** nats-server looks at keys in lower case. */
export function fieldsOf(kind: BlockKind, { entries, positions }: ConfBlock): readonly Field[] {
  const aliases: ReadonlyMap<string, string> = new Map(Object.entries(ALIASES[kind]));
  return Object.entries(entries).map(([key, value]) => {
    const lower = key.toLowerCase();
    return { name: aliases.get(lower) ?? lower, key, value, position: positions?.get(key) ?? NOWHERE };
  });
}

export function fieldNamed(name: string, fields: readonly Field[]): Field | undefined {
  return fields.find((field) => field.name === name);
}

/** Two spellings of one field: which of them counts is chance in nats-server, which reads a Go map. */
export function ambiguities(input: string, fields: readonly Field[]): readonly InputViolation[] {
  const known = new Map<string, Field>();
  return fields.flatMap((field) => {
    const first = known.get(field.name);
    if (first === undefined) {
      known.set(field.name, field);
      return [];
    }
    const says = `got \`${field.name}\` a second time, as in line ${first.position.line}; which one counts would be chance`;
    return [violationAt(input, field.position, { says, fix: 'remove one of them' })];
  });
}

/** The same scalar, or the same variable of the environment. */
export function isSame(left: ConfValue | undefined, right: ConfValue | undefined): boolean {
  if (left === undefined || right === undefined) return false;
  const [one, other] = [resolved(left), resolved(right)];
  if (typeof one === 'object' && typeof other === 'object') {
    return one.kind === 'variable' && other.kind === 'variable' && one.name === other.name;
  }
  return one === other;
}

/** A block with fields in place of its own entries, which keep their places. */
export function blockWith(fields: readonly (Pick<Field, 'key' | 'value'> & Partial<Field>)[]): ConfBlock {
  const positions = fields.flatMap(({ key, position }) =>
    position === undefined || position === NOWHERE ? [] : [[key, position] as const],
  );
  const entries = Object.fromEntries(fields.map(({ key, value }) => [key, value]));
  return { kind: 'block', entries, ...(positions.length === 0 ? {} : { positions: new Map(positions) }) };
}

/** For trees that nobody wrote. */
const NOWHERE: Position = { file: 'nats.conf', line: 1, column: 1 };
