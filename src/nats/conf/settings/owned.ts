import type { InputViolation } from '../../../errors/action-error.ts';
import { lowerCase } from '../reader/cursor.ts';
import { createViolation, type Problem } from '../reader/session.ts';
import { isBlock, resolveVariable } from '../reader/value.ts';
import type { Field } from './fields.ts';

/**
 * The blocks that the Action decides as a whole, with the input that sets each field, in every spelling of nats-server
 * (`parseJetStream`, `parseTLS` and `parseAuthorization` of `server/opts.go`). No input sets any other field.
 */
const OFFERED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  jetstream: {
    enable: 'jetstream',
    enabled: 'jetstream',
    max_memory_store: 'jetstream-memory',
    max_mem_store: 'jetstream-memory',
    max_mem: 'jetstream-memory',
    max_file_store: 'jetstream-storage',
    max_file: 'jetstream-storage',
    store: 'jetstream-storage',
    store_dir: 'jetstream-storage',
    storedir: 'jetstream-storage',
  },
  'cluster.tls': { cert_file: 'route-tls-secret', key_file: 'route-tls-secret', ca_file: 'route-tls-secret' },
  'cluster.authorization': {
    user: 'route-user',
    username: 'route-user',
    pass: 'route-password',
    password: 'route-password',
  },
};

/**
 * Returns the problem of each field of a block that the Action decides, or the problem of the block if it has no
 * fields.
 */
export function reportOwnedFields(
  input: string,
  path: string,
  { value, position }: Field,
  ofBlock: Problem,
): readonly InputViolation[] {
  const block = resolveVariable(value);
  const offered = Object.hasOwn(OFFERED, path) ? OFFERED[path] : undefined;
  const keys = isBlock(block) ? Object.keys(block.entries) : [];
  if (offered === undefined || !isBlock(block) || keys.length === 0) return [createViolation(input, position, ofBlock)];
  return keys.map((key) => {
    const lower = lowerCase(key);
    const by = Object.hasOwn(offered, lower) ? offered[lower] : undefined;
    return createViolation(input, block.positions?.get(key) ?? position, describeField(`${path}.${key}`, by));
  });
}

function describeField(field: string, by: string | undefined): Problem {
  return by === undefined
    ? { says: `got \`${field}\`, which the Action does not offer`, fix: `remove \`${field}\`; no input sets it` }
    : {
        says: `got \`${field}\`, which the input \`${by}\` sets`,
        fix: `remove \`${field}\` and set the input \`${by}\``,
      };
}

type Owned = Readonly<Record<string, Problem>>;

/** Returns the reason why the user must not write the field; undefined if the field is allowed. */
export function findRefusal(owned: Owned, name: string): Problem | undefined {
  return Object.hasOwn(owned, name) ? owned[name] : undefined;
}

const refuseForInput = (field: string, input: string): Problem => ({
  says: `got \`${field}\`, which the input \`${input}\` sets`,
  fix: `remove \`${field}\` and set the input \`${input}\``,
});

const refuseFixed = (field: string, because: string): Problem => ({
  says: `got \`${field}\`; ${because}`,
  fix: `remove \`${field}\``,
});

const CLIENT_ADDRESS = 'clients connect to port 4222 of every server, through its Service';
const MONITORING = 'probes and the Service expect monitoring at port 8222 without TLS';
const LAME_DUCK = 'the grace period of the pod depends on the value that the Action sets';
const TO_OUTPUT = 'the log goes to the output of the container, where the diagnosis reads it';
const READ_ONLY = 'the file system of the container is read-only';
const REVISION = 'all servers run the same configuration, and the environment of each pod sets this value';
const ROUTES = 'this action configures and verifies the mesh';
const REACH = 'this action connects to every server to verify it';

/** The top-level fields that the generated configuration or an input decides. */
export const ownedFields: Owned = {
  port: refuseFixed('port', CLIENT_ADDRESS),
  listen: refuseFixed('listen', CLIENT_ADDRESS),
  host: refuseFixed('host', CLIENT_ADDRESS),
  server_name: refuseFixed('server_name', REVISION),
  client_advertise: refuseFixed('client_advertise', REVISION),
  http: refuseFixed('http', MONITORING),
  https: refuseFixed('https', MONITORING),
  http_port: refuseFixed('http_port', MONITORING),
  https_port: refuseFixed('https_port', MONITORING),
  http_base_path: refuseFixed('http_base_path', MONITORING),
  lame_duck_duration: refuseFixed('lame_duck_duration', LAME_DUCK),
  lame_duck_grace_period: refuseFixed('lame_duck_grace_period', LAME_DUCK),
  debug: refuseForInput('debug', 'debug'),
  trace: refuseForInput('trace', 'trace'),
  logtime: refuseForInput('logtime', 'logtime'),
  logfile: refuseFixed('logfile', TO_OUTPUT),
  syslog: refuseFixed('syslog', TO_OUTPUT),
  remote_syslog: refuseFixed('remote_syslog', TO_OUTPUT),
  pidfile: refuseFixed('pidfile', READ_ONLY),
  ports_file_dir: refuseFixed('ports_file_dir', READ_ONLY),
  max_connections: refuseForInput('max_connections', 'max-connections'),
  max_control_line: refuseForInput('max_control_line', 'max-control-line'),
  max_payload: refuseForInput('max_payload', 'max-payload'),
  write_deadline: refuseForInput('write_deadline', 'write-deadline'),
  jetstream: refuseForInput('jetstream', 'jetstream'),
  store_dir: refuseForInput('store_dir', 'jetstream-storage'),
  allow_non_tls: refuseFixed('allow_non_tls', 'every client connection is over TLS'),
  no_system_account: refuseFixed(
    'no_system_account',
    'this action connects to the servers as a user of the system account',
  ),
  proxy_protocol: refuseFixed('proxy_protocol', REACH),
};

/** The fields that set `trace` too. Next to a different `trace`, the value that nats-server reads last would count. */
export const tracingFields: readonly string[] = ['trace_verbose', 'trace_headers'];

export const describeTracing = (field: string): Problem => ({
  says: `got \`${field}\` without the input \`trace\`, expected both: nats-server would choose one of them at random`,
  fix: `set the input \`trace\` to true, or remove \`${field}\``,
});

/**
 * The fields of `cluster` that are refused. The user may set all others: pool_size, accounts, compression, permissions,
 * …
 */
export const ownedClusterFields: Owned = {
  name: refuseForInput('cluster.name', 'name'),
  port: refuseFixed('cluster.port', ROUTES),
  listen: refuseFixed('cluster.listen', ROUTES),
  host: refuseFixed('cluster.host', ROUTES),
  advertise: refuseFixed('cluster.advertise', ROUTES),
  no_advertise: refuseFixed('cluster.no_advertise', ROUTES),
  routes: refuseForInput('cluster.routes', 'replicas'),
  authorization: refuseForInput('cluster.authorization', 'route-user'),
  tls: refuseForInput('cluster.tls', 'route-tls-secret'),
};

/**
 * The fields of the client listener's `tls` that an input decides, and those that would keep the Action from
 * connecting.
 */
export const ownedTlsFields: Owned = {
  cert_file: refuseForInput('tls.cert_file', 'server-tls-secret'),
  key_file: refuseForInput('tls.key_file', 'server-tls-secret'),
  ca_file: refuseForInput('tls.ca_file', 'ca-certificate'),
  verify: refuseForInput('tls.verify', 'client-verify'),
  verify_and_map: refuseForInput('tls.verify_and_map', 'client-verify'),
  certs: refuseForInput('tls.certs', 'server-tls-secret'),
  cert_store: refuseForInput('tls.cert_store', 'server-tls-secret'),
  cert_match: refuseForInput('tls.cert_match', 'server-tls-secret'),
  cert_match_skip_invalid: refuseForInput('tls.cert_match_skip_invalid', 'server-tls-secret'),
  cert_match_by: refuseForInput('tls.cert_match_by', 'server-tls-secret'),
  ca_certs_match: refuseForInput('tls.ca_certs_match', 'ca-certificate'),
  verify_cert_and_check_known_urls: refuseForInput('tls.verify_cert_and_check_known_urls', 'client-verify'),
  insecure: refuseFixed('tls.insecure', 'nats-server verifies certificates as the inputs ask'),
  handshake_first: refuseFixed('tls.handshake_first', REACH),
  pinned_certs: refuseFixed('tls.pinned_certs', REACH),
};

export const ownedAuthorizationFields: Owned = {
  user: refuseForInput('authorization.user', 'client-user'),
  password: refuseForInput('authorization.password', 'client-password'),
  token: refuseFixed(
    'authorization.token',
    'clients log in with user and password, and this action does not support a token',
  ),
  proxy_required: refuseFixed('authorization.proxy_required', REACH),
};
