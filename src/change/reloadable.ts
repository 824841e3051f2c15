/**
 * What a running nats-server of 2.10 or newer takes by a reload (`Server.diffOptions` in server/reload.go, which names
 * the fields of `Options`; keys and their aliases: `processConfigFileLine` in server/opts.go). A path stands for all
 * below it. What is not listed needs a new start, as nats-server refuses to reload an option it does not know how to
 * change: a key that is missing here costs a rolling restart, and never more.
 */
export const RELOADABLE: readonly string[] = [
  // logging: traceOption, debugOption, logtimeOption, logfileOption, syslogOption, maxTracedMsgLenOption, …
  'debug',
  'trace',
  'trace_verbose',
  'logtime',
  'logtime_utc',
  'log_file',
  'logfile',
  'syslog',
  'max_traced_msg_len',
  'connect_error_reports',
  'reconnect_error_reports',
  // limits: maxConnOption, maxControlLineOption, maxPayloadOption, pingIntervalOption, writeDeadlineOption, …
  'max_connections',
  'max_conn',
  'max_control_line',
  'max_payload',
  'ping_interval',
  'ping_max',
  'write_deadline',
  // names: tagsOption, clientAdvertiseOption, pidFileOption
  'server_tags',
  'client_advertise',
  'pid_file',
  'pidfile',
  // clients: tlsOption, tlsTimeoutOption, tlsPinnedCertOption; not TLSMap, AllowNonTLS, TLSRateLimit
  'tls.cert_file',
  'tls.key_file',
  'tls.ca_file',
  'tls.timeout',
  'tls.verify',
  'tls.min_version',
  'tls.cipher_suites',
  'tls.curve_preferences',
  'tls.pinned_certs',
  // users: usersOption, nkeysOption, usernameOption, passwordOption, authTimeoutOption, accountsOption; not AuthCallout
  'authorization.users',
  'authorization.user',
  'authorization.username',
  'authorization.password',
  'authorization.pass',
  'authorization.timeout',
  'authorization.default_permissions',
  'accounts',
  // routes: clusterOption, routesOption; not host and port (`validateClusterOpts`)
  'cluster.authorization',
  'cluster.routes',
  'cluster.advertise',
  'cluster.no_advertise',
  'cluster.permissions',
  'cluster.pool_size',
  'cluster.accounts',
  'cluster.compression',
  'cluster.tls.cert_file',
  'cluster.tls.key_file',
  'cluster.tls.ca_file',
  'cluster.tls.timeout',
  // other listeners: their TLS is left out of the comparison
  'websocket.tls.cert_file',
  'websocket.tls.key_file',
  'gateway.tls.cert_file',
  'gateway.tls.key_file',
  'gateway.tls.ca_file',
  'leafnodes.tls.cert_file',
  'leafnodes.tls.key_file',
  'leafnodes.tls.ca_file',
  // MQTT: mqttAckWaitReload, mqttMaxAckPendingReload
  'mqtt.ack_wait',
  'mqtt.max_ack_pending',
  'mqtt.tls.cert_file',
  'mqtt.tls.key_file',
];

/** `path`: keys in lower case, joined by dots. */
export function isReloadable(path: string): boolean {
  return RELOADABLE.some((known) => path === known || path.startsWith(`${known}.`));
}
